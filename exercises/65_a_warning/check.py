from lecture.exercises import check


def shows(yours, line, answer, rule):
    guest = yours.connect(7765)
    guest.says(line + b"\r\n")
    guest.hears(answer + b"\r\n", rule=rule)


@check("R1")
def a_warning_on_the_page(yours):
    shows(
        yours, b"page warning: The floor is wet.", b'<div class="warning"><b>Warning</b> The floor is wet.</div>', "R1"
    )


@check("R2")
def a_warning_on_paper(yours):
    shows(yours, b"paper warning: Mind it.", b"\\begin{quote}\\textbf{Warning} Mind it.\\end{quote}", "R2")


@check("R3")
def what_means_something_in_html(yours):
    written = b'<div class="warning"><b>Warning</b> 5 &lt; 6 &amp; hot</div>'
    shows(yours, b"page warning: 5 < 6 & hot", written, "R3")


@check("R3")
def what_means_something_in_latex(yours):
    shows(yours, b"paper warning: 50 % & #1", b"\\begin{quote}\\textbf{Warning} 50 \\% \\& \\#1\\end{quote}", "R3")


@check("R4")
def notes_stay(yours):
    shows(yours, b"page note: hot & heavy", b'<div class="note"><b>Note</b> hot &amp; heavy</div>', "R4")
    shows(yours, b"paper note: hot & heavy", b"\\begin{quote}\\textbf{Note} hot \\& heavy\\end{quote}", "R4")


@check("R4")
def others_are_refused(yours):
    shows(yours, b"page rumour: he did", b"no notice of the kind 'rumour'", "R4")
    shows(yours, b"paper rumour: he did", b"no notice of the kind 'rumour'", "R4")
