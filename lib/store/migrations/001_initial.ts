/** Version 1: everything. Later changes are migrations of their own, never edits here. */
import { CONVERSATIONS_SCHEMA } from "../conversations_schema.ts";
import type { Migration } from "../migrate.ts";

/*
 * Offsets count UTF-16 code units, as JavaScript does: texts are sliced in JavaScript, never in SQL.
 * `sort_key` orders section numbers as the regulation does, see number_order.ts.
 * `text` is the last column of sections, so that lists never read its pages.
 */
const CORPUS = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE collections (name TEXT PRIMARY KEY, title TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO collections (name, title) VALUES
  ('far', 'Federal Acquisition Regulation'),
  ('dfars', 'Defense Federal Acquisition Regulation Supplement'),
  ('uploads', 'Uploaded documents');

CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  collection TEXT NOT NULL REFERENCES collections (name),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  version_date TEXT,
  sections INTEGER NOT NULL,
  words INTEGER NOT NULL,
  chunks INTEGER NOT NULL,
  notices TEXT NOT NULL,
  ingested INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_by_content ON documents (collection, sha256);

CREATE TABLE sections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  collection TEXT NOT NULL REFERENCES collections (name),
  number TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  title TEXT NOT NULL,
  position INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  words INTEGER NOT NULL,
  text_sha256 TEXT NOT NULL,
  path TEXT NOT NULL,
  clause TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX sections_by_number ON sections (collection, number);
CREATE INDEX sections_by_document ON sections (document, position);

CREATE TABLE paragraphs (
  section INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  designator TEXT NOT NULL,
  anchor TEXT NOT NULL,
  level INTEGER NOT NULL,
  kind TEXT NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  term TEXT,
  term_key TEXT,
  extra TEXT,
  PRIMARY KEY (section, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX paragraphs_by_term ON paragraphs (term_key) WHERE term_key IS NOT NULL;

CREATE TABLE chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  section INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
  collection TEXT NOT NULL REFERENCES collections (name),
  position INTEGER NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  anchor TEXT NOT NULL,
  tokens INTEGER NOT NULL,
  hash TEXT NOT NULL,
  context TEXT NOT NULL
) STRICT;
CREATE INDEX chunks_by_section ON chunks (section, position);
CREATE INDEX chunks_by_hash ON chunks (hash);
CREATE VIRTUAL TABLE chunks_fts USING fts5 (
  title, context, body, content = '', contentless_delete = 1, tokenize = 'porter unicode61'
);
CREATE VIRTUAL TABLE chunk_vectors USING vec0 (
  id INTEGER PRIMARY KEY, collection TEXT, embedding float[384] distance_metric=cosine
);

CREATE TABLE staged_vectors (
  hash TEXT NOT NULL,
  embedder TEXT NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (hash, embedder)
) STRICT;
`;

const OWN_WORDS = `
CREATE TABLE outline (
  id INTEGER PRIMARY KEY,
  collection TEXT NOT NULL REFERENCES collections (name),
  number TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  title TEXT NOT NULL,
  reserved INTEGER NOT NULL,
  path TEXT NOT NULL
) STRICT;
CREATE INDEX outline_by_number ON outline (collection, number);

CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('question', 'brief')),
  collection TEXT NOT NULL REFERENCES collections (name),
  number TEXT NOT NULL,
  text TEXT NOT NULL,
  text_sha256 TEXT
) STRICT;
CREATE INDEX entries_by_number ON entries (collection, number, kind);
CREATE VIRTUAL TABLE entries_fts USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'porter unicode61'
);
CREATE VIRTUAL TABLE entry_vectors USING vec0 (
  id INTEGER PRIMARY KEY, kind TEXT, collection TEXT, embedding int8[384] distance_metric=cosine
);
`;

export const initial: Migration = {
  version: 1,
  name: "initial",
  up(db) {
    db.exec(CORPUS);
    db.exec(OWN_WORDS);
    db.exec(CONVERSATIONS_SCHEMA);
  },
};
