"""Text that people type into data, as Markdown that shows just these signs.

Titles, names and addresses stand in YAML; where they become part of a page's Markdown, a sign in
them must not become markup, and no HTML may come along.
"""

import re

#: What Markdown, MyST or HTML read as more than a sign, wherever it stands.
ANYWHERE = re.compile(r"[\\`*_{}\[\]<>$|~&]")
#: What begins a heading, a list, a rule or a quotation.
AT_START = re.compile(r"^(\d*)([-+#=.)])")


def plain(text: str) -> str:
    """Return the text on one line, with a backslash before every sign that means something."""
    line = ANYWHERE.sub(r"\\\g<0>", " ".join(text.split()))
    return AT_START.sub(r"\1\\\2", line)
