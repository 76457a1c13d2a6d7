"""Read mc-tex's tables back from every format: the same cells in all.

usage: grids.py NAME.FORMAT...

One of the files is HTML, and that of Markdown is what cmark-gfm made of it.

Each file becomes a list of tables: the caption, the headings as (text, marks),
the lines as (text, interval, marks, bold), and the sentences below as (marks,
text).  What HTML says is held against the others.
"""
import re
import sys
import xml.etree.ElementTree as ET

MISSING = "\u2013"
SIGNS = [("\\ldots{}", "\u2026"), ("$-$", "\u2212"), ("$<$", "<"), ("\\rlap", ""),
         ("\\textless{}", "<"), ("\\textgreater{}", ">"), ("{[}", "["),
         ("{*}", "*"), ("\\textbackslash{}", "\x01"), ("\\textbar{}", "|"),
         ("\\textasciicircum{}", "^"), ("\\textasciitilde{}", "~"),
         ("\\textasciigrave{}", "`"), ("``", '"'), ("''", '"'), ("{}-", "-"),
         ("\\{", "{"), ("\\}", "}"), ("\\#", "#"), ("\\$", "$"), ("\\%", "%"),
         ("\\&", "&"), ("\\_", "_"), ("\x01", "\\")]


def cell(text, marks="", bold=False):
    """A printed number or name, divided into its parts."""
    text, _, interval = text.partition(" [") if re.search(
        r" \[[^]]*, [^]]*\]$", text) else (text, "", "")
    return text, "[" + interval if interval else "", marks, bold


# --- LaTeX -------------------------------------------------------------------

def plain(text):
    for latex, sign in SIGNS:
        text = text.replace(latex, sign)
    return MISSING if text == "--" else text.replace("(--)", "(" + MISSING + ")")


def from_latex_cell(text):
    text = re.sub(r"\\hphantom\{\\textsuperscript\{[m,]*\}\}", "", text)
    text = re.sub(r"\\rlap\{([.0-9]*)\}\\hphantom\{\\textbf\{\1\}\}", r"\1",
                  text)
    text = re.sub(r" \\hphantom\{\[[^\\{}]*\}", "", text)
    text = re.sub(r"\\hphantom\{[^\\{}]*\}", "", text)
    marks = "".join(re.findall(r"\\textsuperscript\{(.*?)\}", text))
    text = re.sub(r"(\\rlap\{)?\\textsuperscript\{.*?\}(?(1)\})", "", text)
    bold = text.startswith("\\textbf{")
    if bold:
        text = text[8:].replace("}", "", 1)
    return plain(text), marks, bold


def split(line):
    return re.split(r"(?<!\\) ?& ?", re.sub(r" ?\\\\$", "", line))


def latex_groups(line):
    """The heading above each column, "" where there is none."""
    groups = []
    for c in split(line):
        many = re.match(r"\\multicolumn\{(\d+)\}\{c\}\{(.*)\}$", c)
        groups += [plain(many.group(2))] * int(many.group(1)) if many else [c]
    return groups


def latex_headings(head):
    """The headings, those of groups before them, and which column is apart."""
    *above, head = [h for h in head.splitlines()
                    if not h.startswith("\\cmidrule")]
    above = [latex_groups(h) for h in above]
    headings, apart = [], None
    for i, c in enumerate(split(head)):
        many = re.match(r"\\multicolumn\{(.)\}\{c\}\{(.*)\}$", c)
        if many and many.group(1) == "2":
            apart = i
        text, marks = from_latex_cell(many.group(2) if many else c)[:2]
        headings.append((" / ".join([a[i] for a in above if a[i]] + [text]),
                         marks))
    return headings, apart


def latex_lines(body, apart):
    for line in body.splitlines():
        if line in ("\\midrule", "\\addlinespace"):
            continue
        cells = [from_latex_cell(c) for c in split(line)]
        if apart is not None:
            interval, marks, _ = cells.pop(apart + 1)
            interval = " " + interval if interval not in ("", MISSING) else ""
            cells[apart] = (cells[apart][0] + interval, marks, False)
        yield [cell(*c) for c in cells]


def from_latex(text):
    tables, ended = [], True
    for page in text.split("\\begin{table}")[1:]:
        keys, head, body = re.search(
            r"\\begin\{tabular\}\{@\{\}(l*).*?\\toprule\n(.*?)\n\\midrule\n"
            r"(.*?)\\bottomrule", page, re.S).groups()
        headings, apart = latex_headings(head)
        lines = list(latex_lines(body, apart))
        if ended:
            caption = re.search(r"\\caption\{(.*)\}\n", page)
            tables.append((plain(caption.group(1)) if caption else None,
                           headings, lines, []))
            part, at = headings, 0
        elif headings == part:              # further lines
            at += done
            for i, line in enumerate(lines):
                if at + i == len(tables[-1][2]):
                    tables[-1][2].append(line)
                else:
                    tables[-1][2][at + i] += line[len(keys):]
        else:                               # further columns
            tables[-1][1].extend(headings[len(keys):])
            for i, line in enumerate(lines):
                tables[-1][2][i] += line[len(keys):]
            part, at = headings, 0
        done = len(lines)
        below = re.search(r"\\raggedright\n(.*?)\}\n\\end", page, re.S)
        ended = below is not None
        for line in below.group(1).splitlines() if below else []:
            if line != "\\par":
                text, marks, _ = from_latex_cell(line)
                tables[-1][3].append((marks, text.lstrip("~")))
    assert ended, "nothing is said below the last page"
    return tables


# --- HTML --------------------------------------------------------------------

def words(element):
    """The text of an element, without its marks, and these."""
    marks = "".join(s.text for s in element.iter("sup"))
    text = "".join(element.itertext())
    if marks:
        text = text.replace(marks, "", 1) if text.startswith(marks) else \
            text[:-len(marks)]
    return text.strip(), marks


def sentences(paragraphs):
    for p in paragraphs:
        text, marks = words(p)
        for line in text.split("\n"):
            if line:
                yield marks, line


def from_html_lines(rows):
    lines, spans = [], {}
    for tr in rows:
        line, cells, c = [], list(tr), 0
        while cells or c in spans:
            if c in spans:
                spans[c][0] -= 1
                line.append(spans[c][1])
                if spans[c][0] == 0:
                    del spans[c]
            else:
                td = cells.pop(0)
                text, marks = words(td)
                bold = td.find("b") is not None or td.find("strong") is not None
                line.append(cell(text, marks, bold))
                if int(td.get("rowspan", 1)) > 1:
                    spans[c] = [int(td.get("rowspan")) - 1, line[-1]]
            c += 1
        lines.append(line)
    assert not spans, "a span that leaves its body"
    return lines


def html_headings(rows):
    """The headings of the columns, below those of their groups."""
    above, *rest = [list(tr) for tr in rows]
    if not rest:
        assert all(th.get("scope") == "col" for th in above)
        return [words(th) for th in above]
    below, headings = iter(html_headings(rows[1:])), []
    for th in above:
        if th.get("scope") == "col":
            assert int(th.get("rowspan")) == len(rows)
            headings.append(words(th))
            continue
        assert th.get("scope") == "colgroup"
        for _ in range(int(th.get("colspan"))):
            text, marks = next(below)
            headings.append((f"{words(th)[0]} / {text}", marks))
    assert next(below, None) is None
    return headings


def from_html(text):
    text = re.sub(r"<!DOCTYPE.*?>|<meta.*?>", "", text)
    tables = []
    for t in ET.fromstring("<x>" + text + "</x>").iter("table"):
        caption = t.find("caption")
        headings = html_headings(t.findall("thead/tr"))
        assert all(th.get("scope") == "row" for th in t.iterfind("tbody/tr/th"))
        lines = [line for body in t.iterfind("tbody")
                 for line in from_html_lines(body)]
        foot = t.find("tfoot/tr/td")
        assert int(foot.get("colspan")) == len(headings)
        tables.append((None if caption is None else words(caption)[0],
                       headings, lines, list(sentences(foot))))
    return tables


def from_markdown(text):
    """What cmark-gfm makes of Markdown; paragraphs stand around the table."""
    tables, caption = [], None
    assert "<a " not in text, "a text becomes a link"
    for e in ET.fromstring("<x>" + text + "</x>"):
        if e.tag == "p" and len(e) == 1 and not (e.text or "").strip():
            caption = words(e)[0]
        elif e.tag == "table":
            tables.append((caption, [words(th) for th in e.find("thead/tr")],
                           from_html_lines(e.find("tbody")), []))
            caption = None
        else:
            tables[-1][3].extend(sentences(e if e.tag == "ul" else [e]))
    return tables


# --- TSV ---------------------------------------------------------------------

def from_tsv(text):
    tables = []
    for block in text.split("\n\n"):
        lines = block.strip("\n").split("\n")
        if "\t" not in lines[0] and tables:     # below the table
            for line in lines:
                marks = re.match(r"\(([a-z]+)\) ", line)
                tables[-1][3].append((marks.group(1), line[marks.end():])
                                     if marks else ("", line))
            continue
        fields = lines[0].split("\t")
        columns = [i for i, f in enumerate(fields) if i == 0 or not re.search(
            r" (lower|upper|notes)$", f)]
        headings = []
        for i in columns:
            marks = re.search(r" \(([a-z](?:,[a-z])*)\)$", fields[i])
            headings.append((fields[i][:marks.start()], marks.group(1))
                            if marks else (fields[i], ""))
        rows = []
        for line in lines[1:]:
            values, row = line.split("\t"), []
            assert len(values) == len(fields)
            for i, end in zip(columns, columns[1:] + [len(fields)]):
                own = dict(zip([f.rpartition(" ")[2] for f in
                                fields[i + 1:end]], values[i + 1:end]))
                limits = own.get("lower", ""), own.get("upper", "")
                row.append((values[i], "[%s, %s]" % limits, own.get(
                    "notes", ""), False) if all(limits) else
                    cell(values[i], own.get("notes", "")))
            rows.append(row)
        tables.append((None, headings, rows, []))
    return tables


# --- Holding them against each other -----------------------------------------

def ascii_signs(tables):
    """Tables as TSV has them: without bold and what is said of it, and
    dashes for numbers; the caption stands below."""
    out = []
    for caption, headings, lines, below in tables:
        lines = [[(("" if text == MISSING else text).replace("\u2212", "-"),
                   interval.replace("\u2212", "-"), marks, False)
                  for text, interval, marks, _ in line] for line in lines]
        out.append((None, headings, lines,
                    ([("", caption)] if caption else []) +
                    [s for s in below if not s[1].startswith("Bold marks")]))
    return out


def compare(name, wanted, found):
    assert len(wanted) == len(found) > 0, f"{name}: {len(found)} tables"
    for w, f in zip(wanted, found):
        assert w[0] == f[0], f"{name}: caption {f[0]!r}, HTML {w[0]!r}"
        assert w[1] == f[1], f"{name}: headings {f[1]}, HTML {w[1]}"
        assert len(w[2]) == len(f[2]), f"{name}: {len(f[2])} lines"
        for i, (wl, fl) in enumerate(zip(w[2], f[2])):
            assert len(wl) == len(fl), f"{name}: line {i}: {fl}"
            for c, (wc, fc) in enumerate(zip(wl, fl)):
                # A blank stands for what the line above says.
                said = i > 0 and fc[0] == "" and wc == w[2][i - 1][c]
                assert wc == fc or said, f"{name}: {fc}, HTML {wc}"
        assert w[3] == f[3], f"{name}: below {f[3]}, HTML {w[3]}"


READERS = {"latex": from_latex, "html": from_html, "tsv": from_tsv,
           "markdown": from_markdown}
files = {path.split(".")[1]: path for path in sys.argv[1:]}
grids = from_html(open(files["html"], encoding="utf-8").read())
for name, path in files.items():
    compare(name, ascii_signs(grids) if name == "tsv" else grids,
            READERS[name](open(path, encoding="utf-8").read()))
