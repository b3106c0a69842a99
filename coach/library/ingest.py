"""Brings documents into the library: only what changed, each document whole or not at all, bounded memory, resumable.

For every batch: note the documents as pending, store their vectors, then enter them into the catalogue and clear the note
in one transaction. Whatever is still noted when the next ingest starts was interrupted and is done again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from coach.errors import DocumentError
from coach.framework import Profession, read_yaml
from coach.library import manifest, sentences, unanswered
from coach.library.articles import Article, held_back, load_articles, read_article
from coach.library.catalogue import Catalogue, Entry, Record
from coach.library.documents import Document, discover, load
from coach.library.edits import Edits
from coach.library.passages import ARTICLE_KEYS, split
from coach.library.vectors import Vectors
from coach.models.embedding import Embedder
from coach.models.known import FILE, KnownTexts
from coach.settings import Settings
from coach.types import Lang

_BATCH_TEXTS = 192
BUILT_IN = "built-in"
OWN = "own"

Progress = Callable[[int, int, str], None]


@dataclass(kw_only=True)
class IngestReport:
    """What an ingest did; `failed` holds (file, reason)."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


class Ingest:
    """One run over some files. `progress(done, total, name)` is called after each file."""

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        catalogue: Catalogue,
        vectors: Vectors,
        *,
        folder: Path | None = None,
        batch: int = _BATCH_TEXTS,
        note: bool = False,
    ) -> None:
        """Into the index in `folder`, which catalogue and vectors are those of; by default the one in force.

        About `batch` texts are embedded and entered at a time; `note` keeps their vectors for `save_vectors`.
        """
        self._batch = batch
        self._settings = settings
        self._folder = folder or settings.library_dir
        self._edits = Edits(settings.home)
        self._embedder = KnownTexts(embedder, settings.knowledge / FILE, note=note)
        self._catalogue = catalogue
        self._vectors = vectors

    def built_in(self, progress: Progress) -> IngestReport:
        """The product's own articles; articles that no longer exist are removed."""
        records = self.articles()
        report = IngestReport()
        known = self._catalogue.hashes(BUILT_IN)
        gone = sorted(set(known) - {r.id for r in records})
        self.remove(gone)
        report.removed = len(gone)
        self._store(iter(records), known, report, progress, len(records))
        sentences.build((e.text for r in records for e in r.entries), self._folder, self._embedder)
        unanswered.build(self._settings.knowledge, self._folder, self._embedder)
        return report

    def articles(self, paths: Iterable[str] | None = None) -> list[Record]:
        """The built-in articles, or those in these files of the knowledge folder, as they enter the library, without edits."""
        knowledge = self._settings.knowledge
        framework = read_yaml(knowledge / "framework" / "framework.yaml", Profession).name
        found = load_articles(knowledge) if paths is None else [read_article(knowledge / p) for p in paths]
        return [_article_record(a, knowledge, a.label(framework)) for a in found]

    def files(self, paths: Iterable[Path], progress: Progress) -> IngestReport:
        """The person's own documents. A file that cannot be read is reported and never stops the others."""
        report = IngestReport()
        found = list({_place(path): path for path in discover(paths)}.values())
        known = self._catalogue.hashes(OWN)
        self._store(self._read(found, known, report, progress), known, report, progress, len(found))
        return report

    def document(self, read: Path, place: Path) -> Record:
        """The file `read` as the document that will stand at `place`, without edits. Raises DocumentError."""
        return _file_record(read, {}, place)

    def put(self, records: Iterable[Record], report: IngestReport | None = None) -> None:
        """Enters these documents, whether they changed or not, with the edits in force."""
        for record in records:
            self._write([self._edits.applied(record)], report or IngestReport())

    def carry(self, record: Record) -> None:
        """Enters a document as another index holds it, edits and all."""
        self._write([record], IngestReport())

    def reword(self, record: Record, entry: Entry) -> None:
        """Replaces one passage of a document of several; `entry` holds its new text, `record.sha256` that of the document."""
        vector = self._embedder.passages([embedded_text(record.title, entry)])
        self._vectors.put("texts", record.lang, [entry.id], [record.id], vector)
        self._catalogue.rewrite(entry.id, entry.text, record.sha256)

    def forget(self, paths: Iterable[Path]) -> int:
        """Removes own documents by the paths they came from; returns how many there were."""
        wanted = [str(_place(p)) for p in paths]
        gone = [
            str(d["id"])
            for d in self._catalogue.documents()
            if d["collection"] == OWN and any(d["path"] == w or str(d["path"]).startswith(w + "/") for w in wanted)
        ]
        self.remove(gone)
        return len(gone)

    def finish(self) -> manifest.Manifest:
        """Clears what an interrupted run left behind and writes the manifest, last."""
        self.remove(self._catalogue.interrupted())
        documents, passages = self._catalogue.counts()
        made = manifest.current(
            self._embedder,
            dimension=self._embedder.dimension,
            documents=documents,
            passages=passages,
            hashes=self._catalogue.content_hashes(),
        )
        manifest.write(self._folder / "manifest.json", made)
        return made

    def save_vectors(self) -> int:
        """Writes the vectors of all texts met so far to the knowledge folder; returns how many."""
        return self._embedder.save()

    def remove(self, doc_ids: list[str]) -> None:
        """Removes documents by id."""
        if doc_ids:
            self._catalogue.begin(doc_ids)
            self._vectors.remove(doc_ids)
            self._catalogue.remove(doc_ids)

    def _read(self, found: list[Path], known: dict[str, str], report: IngestReport, progress: Progress) -> Iterator[Record]:
        for number, path in enumerate(found, 1):
            try:
                record = _file_record(path, known)
            except DocumentError as error:
                report.failed.append((str(path), error.message))
                progress(number, len(found), path.name)
                continue
            yield record

    def _store(
        self, records: Iterator[Record], known: dict[str, str], report: IngestReport, progress: Progress, total: int
    ) -> None:
        batch: list[Record] = []
        waiting = done = 0
        for record in map(self._edits.applied, records):
            done += 1
            if known.get(record.id) == record.sha256:
                report.unchanged += 1
                progress(done + len(report.failed), total, record.title)
                continue
            report.updated += record.id in known
            report.added += record.id not in known
            batch.append(record)
            waiting += sum(1 + len(e.questions) for e in record.entries)
            if waiting >= self._batch:
                self._write(batch, report)
                progress(done + len(report.failed), total, record.title)
                batch, waiting = [], 0
        if batch:
            self._write(batch, report)
            progress(done + len(report.failed), total, batch[-1].title)

    def _write(self, batch: list[Record], report: IngestReport) -> None:
        ids = [r.id for r in batch]
        self._catalogue.begin(ids)
        self._vectors.remove(ids)
        for lang in ("zh", "en"):
            some = [(r, e) for r in batch if r.lang == lang for e in r.entries]
            if some:
                texts = [embedded_text(r.title, e) for r, e in some]
                self._vectors.put("texts", lang, [e.id for _, e in some], [r.id for r, _ in some], self._embedder.passages(texts))
            asked = [(r.id, question_id(e, n), q) for r, e in some for n, q in enumerate(e.questions)]
            if asked:
                vectors = self._embedder.queries([q for _, _, q in asked])
                self._vectors.put("questions", lang, [i for _, i, _ in asked], [d for d, _, _ in asked], vectors)
        self._catalogue.put(batch)
        report.passages += sum(len(r.entries) for r in batch)


def note_vectors(settings: Settings, embedder: Embedder, progress: Progress) -> int:
    """Writes the vectors of everything that an ingest of the articles embeds, unedited; returns how many texts that are."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        apart = settings.model_copy(update={"home": folder, "chroma_url": ""})
        with closing(Catalogue(folder / "library.db")) as catalogue, closing(Vectors(apart, folder)) as vectors:
            run = Ingest(apart, embedder, catalogue, vectors, folder=folder, note=True)
            run.built_in(progress)
            return run.save_vectors()


def question_id(entry: Entry, number: int) -> str:
    """`<passage id>?<number>=<sentence that answers it>`; a hit then points to a sentence without a look-up."""
    return f"{entry.id}?{number}={entry.answers[number] if entry.answers else 0}"


def embedded_text(title: str, entry: Entry) -> str:
    """What is embedded for a passage: its title and headings give a short text its context."""
    return "\n".join((" › ".join(dict.fromkeys((title, *entry.heading_path))), entry.text))


def _article_record(article: Article, knowledge: Path, label: str) -> Record:
    doc_id = f"{article.id}.{article.lang}"
    content = f"{label}\n{article.model_dump_json()}".encode()
    answers = article.answers or [0] * len(article.questions)
    kept = [(q, n) for q, n in zip(article.questions, answers, strict=True) if not held_back(q)]
    asked = Entry(
        id=doc_id,
        text=article.body,
        end=len(article.body),
        questions=tuple(q for q, _ in kept),
        answers=tuple(n for _, n in kept),
    )
    return Record(
        id=doc_id,
        path=str((knowledge / "articles" / article.lang / f"{article.id}.md").relative_to(knowledge)),
        sha256=hashlib.sha256(content).hexdigest(),
        title=article.title,
        source=label,
        lang=article.lang,
        tier=article.tier,
        collection=BUILT_IN,
        entries=(asked,),
        meta={
            "article": article.id,
            "facts": article.facts,
            "stages": article.stages,
            "pillars": article.pillars,
            "as_of": article.as_of.isoformat(),
            "questions": list(asked.questions),
            "outside": [s.model_dump() for s in article.outside],
        },
    )


def document_id(path: Path) -> str:
    """The id of the document that stands, or will stand, at this path."""
    return f"doc-{hashlib.sha256(os.fsencode(_place(path))).hexdigest()[:12]}"


def _file_record(path: Path, known: dict[str, str], place: Path | None = None) -> Record:
    """Raises DocumentError. An unchanged file is recognised by its hash and not parsed again, unless it was edited."""
    place = _place(place or path)
    doc_id = document_id(place)
    digest = _hash_file(place) if doc_id in known else ""
    if digest and known[doc_id] == digest:
        return Record(
            id=doc_id,
            path=str(place),
            sha256=digest,
            title=place.name,
            source="",
            lang="zh",
            tier="document",
            collection=OWN,
            entries=(),
        )
    document = load(_place(path))
    pieces = split(document)
    if not pieces:
        raise DocumentError(f"{place.name} holds no text.")
    asked, lang = _own_article(document)
    entries = tuple(
        Entry(
            id=f"{doc_id}#{n}",
            text=p.text,
            heading_path=p.heading_path,
            start=p.start,
            end=p.end,
            location=p.location,
            questions=asked,
        )
        for n, p in enumerate(pieces)
    )
    return Record(
        id=doc_id,
        path=str(place),
        sha256=document.sha256,
        title=document.title,
        source=place.name,
        lang=lang,
        tier="document",
        collection=OWN,
        entries=entries,
    )


def _own_article(document: Document) -> tuple[tuple[str, ...], Lang]:
    """The questions a Markdown file with the front matter of an article says it answers, and its language."""
    front = document.front_matter
    if not front.keys() >= ARTICLE_KEYS or not isinstance(front["questions"], list):
        return (), document.lang
    lang: Lang = front["lang"] if front.get("lang") in ("zh", "en") else document.lang
    return tuple(q.strip() for q in front["questions"] if isinstance(q, str) and q.strip()), lang


def _place(path: Path) -> Path:
    """Where a file really stands; unlike Path.resolve this does not stumble over links that lead to themselves."""
    return Path(os.path.realpath(path.expanduser()))


def _hash_file(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DocumentError(f"{path.name} cannot be read: {error.strerror}.") from error
