"""Look at a page of mc-report in Chromium, at a phone's and a desk's width, in
light and dark: that it says nothing on its console, asks the network for nothing,
sorts its tables by a click and by keys, and that its colours have contrast.

Prints "ok" or "not ok", a TAB and what was checked.
"""
import sys

from browser import Browser

# The first differences table: what is in a column, and the state of its heading.
COLUMN = """(() => {
  const t = [...document.querySelectorAll('table')].find(
    t => t.caption.textContent === 'Differences between arms');
  const heads = [...t.tHead.rows[0].cells];
  const i = heads.findIndex(h => h.textContent.startsWith('Difference'));
  return [heads[i].getAttribute('aria-sort'),
    [...t.tBodies[0].rows].map(r => r.cells[i].textContent)];
})()"""
HEAD = """(() => {
  const t = [...document.querySelectorAll('table')].find(
    t => t.caption.textContent === 'Differences between arms');
  const b = [...t.tHead.rows[0].cells].find(
    h => h.textContent.startsWith('Difference')).querySelector('button');
  b.scrollIntoView({ block: 'center' });
  const r = b.getBoundingClientRect();
  return [r.x + r.width / 2, r.y + r.height / 2];
})()"""

# WCAG 2: the contrast of each text to what is painted behind it.
CONTRAST = """(() => {
  const rgb = text => text.match(/[0-9.]+/g).map(Number);
  const light = text => rgb(text).slice(0, 3).map(v => v / 255).map(
    v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce(
    (sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  let lowest = [99, ''], n = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    let e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || e.closest('script'))
      continue;
    const front = light(getComputedStyle(e).color), what = e.className ||
      e.localName;
    while (e !== null && rgb(getComputedStyle(e).backgroundColor)[3] === 0)
      e = e.parentElement;
    const back = light(getComputedStyle(e ?? document.body).backgroundColor);
    const ratio = (Math.max(front, back) + 0.05) /
      (Math.min(front, back) + 0.05);
    n++;
    if (ratio < lowest[0])
      lowest = [ratio, what];
  }
  return [...lowest, n, getComputedStyle(document.body).backgroundColor];
})()"""


def check(fine, name, why=""):
    print("ok" if fine else "not ok", name, sep="\t", flush=True)
    if not fine:
        print(f"{name}: {why}", file=sys.stderr)


def number(cell):
    return float(cell.split()[0].rstrip("abcdefgh,").replace("\u2212", "-"))


def sorting(b, press, how):
    before = b.evaluate(COLUMN)[1]
    press()
    state, up = b.evaluate(COLUMN)
    check(state == "ascending" and up == sorted(before, key=number) and
          up != before, f"{how} sorts upwards", (state, up))
    press()
    state, down = b.evaluate(COLUMN)
    check(state == "descending" and [number(x) for x in down] ==
          sorted(map(number, before), reverse=True),
          f"{how} sorts downwards", (state, down))
    press()
    state, back = b.evaluate(COLUMN)
    check(state is None and back == before,
          f"{how} gives back the order of the report", (state, back))


def main(page):
    with Browser(page) as b:
        for width, name in (390, "a phone"), (1280, "a desk"):
            b.size(width, 900)
            wide = b.evaluate("document.documentElement.scrollWidth")
            check(wide <= width, f"{name}: the page is not wider than the "
                  "window", wide)
        for scheme in "light", "dark":
            b.media(scheme)
            ratio, what, n, ground = b.evaluate(CONTRAST)
            check(ratio >= 4.5 and n > 200, f"{scheme}: every text has a "
                  "contrast of 4.5", (ratio, what, n))
            check((ground == "rgb(255, 255, 255)") == (scheme == "light"),
                  f"{scheme}: the ground is {scheme}", ground)
        b.media("light")
        sorting(b, lambda: b.click(*b.evaluate(HEAD)), "a click")
        b.evaluate("document.querySelector('a.skip').focus()")
        check(b.evaluate("document.querySelector('a.skip')"
                         ".getBoundingClientRect().left") >= 0,
              "the skip link is seen where it has the focus")
        for _ in range(200):
            b.key("Tab")
            if b.evaluate("document.activeElement.localName === 'button' && "
                          "document.activeElement.textContent.startsWith("
                          "'Difference')"):
                break
        check(b.evaluate("document.activeElement.localName") == "button",
              "Tab comes to a heading")
        check(b.evaluate("getComputedStyle(document.activeElement)"
                         ".outlineStyle") == "solid",
              "and shows where it is")
        sorting(b, lambda: b.key("Enter"), "Enter")
        check(b.evaluate("[...document.querySelectorAll('a.use')].every(a => "
                         "a.href.startsWith('data:') && a.download !== '')"),
              "a link below a table downloads its file")
        check(b.evaluate("[...document.images].every(i => i.complete && "
                         "i.naturalWidth > 100)"), "pictures are drawn")
        stops = """[...document.querySelectorAll('.box')].filter(
            b => (b.tabIndex === 0) !== (b.scrollWidth > b.clientWidth)).length"""
        boxes = []
        for width in 390, 1280:
            b.size(width, 900)
            b.evaluate("new Promise(f => requestAnimationFrame(() => "
                       "requestAnimationFrame(f)))", True)
            boxes.append((b.evaluate(stops), b.evaluate(
                "document.querySelectorAll('.box[tabindex=\"0\"]').length")))
        check(boxes[0][0] == boxes[1][0] == 0 and boxes[0][1] > boxes[1][1],
              "Tab stops at a box where it can be scrolled", boxes)
        b.media("dark", "print")
        check(b.evaluate("getComputedStyle(document.body).backgroundColor") ==
              "rgb(255, 255, 255)", "print is light")
        outside = [r for r in b.requests if not r.startswith(
            ("data:", "file:"))]
        check(not outside and len(b.requests) > 1,
              "the network is asked for nothing", outside)
        check(not b.console, "nothing is said on the console", b.console)
        b.evaluate("document.head.append(Object.assign(document.createElement("
                   "'script'), { textContent: 'window.intruder = 1' }))")
        check(b.evaluate("window.intruder") is None and b.console,
              "the policy stops a foreign script")


main(sys.argv[1])
