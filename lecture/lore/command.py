"""The command `lecture lore`."""

from __future__ import annotations

from pathlib import Path

import click

from lecture.errors import LectureError
from lecture.programs.progress import Progress

_KINDS = ("article", "section", "chapter")


@click.command()
@click.argument("documents", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--output", type=click.Choice(["html", "latex", "lint"]), default="html", show_default=True)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of what is written. [default: beside each FILE]",
)
@click.option("--template", type=click.Path(path_type=Path, dir_okay=False), help="XHTML with slots, for pages.")
@click.option("--extension", default=".html", show_default=True, help="Of the pages.")
@click.option("--numbered", is_flag=True, help="Number the sections of pages.")
@click.option(
    "--api", multiple=True, metavar="PACKAGE=ADDRESS", help="Where a package's names are described; %s is the name."
)
@click.option("--linkrel", default="", help="Before addresses of other files. [default: the way to FILE's folder]")
@click.option(
    "--as", "kind", type=click.Choice(_KINDS), default="article", show_default=True, help="What LaTeX it becomes."
)
def lore(
    documents: tuple[Path, ...],
    output: str,
    into: Path | None,
    template: Path | None,
    extension: str,
    numbered: bool,
    api: tuple[str, ...],
    linkrel: str,
    kind: str,
) -> None:
    """Write documents in Lore's XHTML as pages or LaTeX, or only check them.

    A document that lists others in a <ul class="toc"> is a book, and they are written with it.
    """
    try:
        from lecture.lore.book import checked, write_latex, write_pages
        from lecture.lore.html import TEMPLATE, Pages
        from lecture.lore.latex import Kind
    except ModuleNotFoundError as error:
        raise LectureError(f"{error}: `lecture lore` needs `pip install 'tutorial-of-doom[lore]'`") from error

    paths = list(dict.fromkeys(documents))
    if output == "lint":
        Progress().summary(f"documents without a mistake: {checked(paths)}")
        return
    if output == "latex":
        files = write_latex(paths, into, Kind[kind.upper()])
    else:
        pages = Pages(extension, template or TEMPLATE, numbered, dict(map(_package, api)), linkrel)
        files = write_pages(paths, into, pages)
    for file in files:
        click.echo(file)


def _package(said: str) -> tuple[str, str]:
    package, equals, address = said.partition("=")
    if not equals or "%s" not in address:
        raise click.BadParameter(f"{said!r}: write PACKAGE=ADDRESS, with %s where the name stands", param_hint="--api")
    return package, address
