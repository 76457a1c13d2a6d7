"""Drive Chromium without a window by its debugging pipe: a page, its size, its
media, clicks and keys, and what it says on its console.

    with Browser(path) as b:
        b.size(390, 800)
        b.evaluate("document.title")
"""
import base64
import fcntl
import json
import os
import shutil
import signal
import tempfile

KEYS = {"Tab": 9, "Enter": 13, " ": 32}


def spawn(command, to, back):
    """Start COMMAND, which reads TO as descriptor 3 and writes BACK as 4."""
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to, back)]
    os.close(to)
    os.close(back)
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, n) for n in range(3)]
    actions += [(os.POSIX_SPAWN_DUP2, end, 3 + i)
                for i, end in enumerate(ends)]
    child = os.posix_spawnp(command[0], command, os.environ,
                            file_actions=actions)
    for end in (*ends, null):
        os.close(end)
    return child


class Browser:
    def __init__(self, page):
        self.page = "file://" + os.path.abspath(page)

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="chromium-")
        to, self.write = os.pipe()
        self.read, back = os.pipe()
        command = ["chromium", "--headless=new", "--disable-gpu",
                   "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-extensions", "--disable-background-networking",
                   "--remote-debugging-pipe", "--user-data-dir=" + self.home]
        if os.getuid() == 0:
            command.append("--no-sandbox")
        self.child = spawn(command, to, back)
        self.number, self.bytes, self.console = 0, b"", []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in "Page", "Runtime", "Log", "Network":
            self.call(domain + ".enable")
        self.requests = []
        self.load()
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.call("Browser.close")
        except (OSError, RuntimeError):
            os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.write)
        os.close(self.read)
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self):
        while b"\0" not in self.bytes:
            more = os.read(self.read, 1 << 20)
            if not more:
                raise RuntimeError("chromium has ended")
            self.bytes += more
        text, self.bytes = self.bytes.split(b"\0", 1)
        return json.loads(text)

    def hear(self, message):
        """Keep what the page says, and what it asks the network for."""
        method, values = message.get("method"), message.get("params", {})
        if method == "Runtime.consoleAPICalled":
            self.console.append(str(values["args"]))
        elif method == "Runtime.exceptionThrown":
            self.console.append(str(values["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.console.append(values["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])

    def call(self, method, **values):
        self.number += 1
        message = {"id": self.number, "method": method, "params": values}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.hear(answer)

    def load(self):
        self.call("Page.navigate", url=self.page)
        while self.message_until("Page.loadEventFired"):
            pass

    def message_until(self, method):
        message = self.message()
        self.hear(message)
        return message.get("method") != method

    def evaluate(self, expression, wait=False):
        answer = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=wait)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=width < 600)

    def media(self, scheme, media=""):
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": scheme}])

    def key(self, key):
        values = {"key": key, "windowsVirtualKeyCode": KEYS[key],
                  "code": "Space" if key == " " else key}
        if key in ("Enter", " "):
            values["text"] = "\r" if key == "Enter" else " "
        self.call("Input.dispatchKeyEvent", type="keyDown", **values)
        self.call("Input.dispatchKeyEvent", type="keyUp", **values)

    def click(self, x, y):
        for kind in "mousePressed", "mouseReleased":
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="left", clickCount=1)

    def picture(self, path, whole=True):
        data = self.call("Page.captureScreenshot",
                         captureBeyondViewport=whole)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))

    def pdf(self, path):
        data = self.call("Page.printToPDF", printBackground=False,
                         preferCSSPageSize=True)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))
