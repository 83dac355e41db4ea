/** What to do where the official text is not in the database. */
export function LoadingHelp({ what }: { what: string }) {
  return (
    <div class="notice">
      <p>
        <strong>The official text of {what} is not loaded.</strong>{" "}
        FARchat knows its outline and has summaries in its own words; it can’t quote the regulation.
      </p>
      <p>
        To load it, give FARchat the eCFR’s XML of Title 48, chapters 1 and 2:{" "}
        <code>deno task farchat ingest PATH</code>
      </p>
    </div>
  );
}
