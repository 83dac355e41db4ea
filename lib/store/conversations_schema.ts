/**
 * The tables of conversations. A migration includes this text as it is; a later change to these tables is a
 * new migration, never an edit here.
 *
 * Times are milliseconds since 1970. Message ids are never used twice (AUTOINCREMENT): an event id such as
 * "12.7" that a browser kept must not point into somebody else's answer after a deletion.
 * `message_events` holds only the events of answers still being written; a finished answer's events are made
 * again from its message and citations.
 */
export const CONVERSATIONS_SCHEMA = `
CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  browser TEXT NOT NULL,
  title TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
CREATE INDEX conversations_of_browser ON conversations (browser, updated DESC);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  question TEXT NOT NULL,
  collections TEXT,
  answer TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('streaming', 'done', 'stopped', 'failed')),
  mode TEXT NOT NULL,
  model TEXT,
  usage TEXT,
  query TEXT NOT NULL DEFAULT '',
  passages TEXT NOT NULL DEFAULT '[]',
  notices TEXT NOT NULL DEFAULT '[]',
  related TEXT NOT NULL DEFAULT '[]',
  error_id TEXT,
  error_message TEXT,
  created INTEGER NOT NULL,
  finished INTEGER
) STRICT;
CREATE INDEX messages_of_conversation ON messages (conversation, id);
CREATE INDEX messages_streaming ON messages (status) WHERE status = 'streaming';

CREATE TABLE citations (
  message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  number INTEGER NOT NULL,
  regulation TEXT NOT NULL,
  section TEXT NOT NULL,
  title TEXT NOT NULL,
  paragraph TEXT NOT NULL,
  anchor TEXT NOT NULL,
  quote TEXT NOT NULL,
  quote_start INTEGER NOT NULL,
  quote_end INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('regulation', 'brief')),
  at INTEGER NOT NULL,
  PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_events (
  message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (message, seq)
) STRICT, WITHOUT ROWID;
`;
