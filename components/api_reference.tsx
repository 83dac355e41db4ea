import type { Field, Reference, ReferenceOperation, TypeWords } from "../lib/api/reference.ts";

/** The API's description as a page: readable and linkable without a script. */
export function ApiReference({ about, version, groups, events, problems, schemas }: Reference) {
  return (
    <div class="reference">
      <h1 class="page-title">The API of FARchat</h1>
      {about.map((paragraph) => <Words key={paragraph} text={paragraph} />)}
      <p>
        Version {version}. For programs: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>
        {" "}
        (OpenAPI 3.1).
      </p>
      <nav aria-label="Operations">
        <ul class="reference-index">
          {groups.flatMap(({ operations }) => operations).map(({ id, method, path, summary }) => (
            <li key={id}>
              <a href={`#operation-${id}`}>
                <code>{method} {path}</code> <span>{summary}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {groups.map(({ name, description, operations }) => (
        <section key={name}>
          <h2>{name}</h2>
          <Words text={description} />
          {operations.map((operation) => <Operation key={operation.id} {...operation} />)}
        </section>
      ))}
      <section>
        <h2 id="events">Events of a stream</h2>
        <p>In the order in which they come. The last is done or error.</p>
        <dl class="fields">
          {events.map(({ name, schema, description }) => (
            <div key={name}>
              <dt>
                <code>{name}</code> <Type words={[{ text: schema, schema }]} />
              </dt>
              <dd>{description}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <h2 id="problems">Problems</h2>
        <p>
          Errors are <a href="#schema-Problem">Problem</a>{" "}
          documents of the type application/problem+json.
        </p>
        <dl class="fields">
          {problems.map(({ id, type, status, says }) => (
            <div key={id} id={id}>
              <dt>
                <code>{type}</code> {status}
              </dt>
              <dd>
                <Words text={says} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <h2>Schemas</h2>
        {schemas.map(({ name, description, type, fields }) => (
          <article key={name}>
            <h3 id={`schema-${name}`}>{name}</h3>
            {description && <Words text={description} />}
            {fields.length > 0 ? <Fields fields={fields} /> : (
              <p>
                <Type words={type} />
              </p>
            )}
          </article>
        ))}
      </section>
    </div>
  );
}

function Operation(
  { id, method, path, summary, description, parameters, body, responses }: ReferenceOperation,
) {
  return (
    <article>
      <h3 id={`operation-${id}`}>{summary}</h3>
      <p>
        <code class="reference-address">{method} {path}</code>
      </p>
      {description && <Words text={description} />}
      {parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <Fields fields={parameters} />
        </>
      )}
      {body && (
        <>
          <h4>
            Body: <Type words={body.schema} />
          </h4>
          <Fields fields={body.fields} />
        </>
      )}
      <h4>Answers</h4>
      <dl class="fields">
        {responses.map(({ status, description, contents }) => (
          <div key={status}>
            <dt>
              <code>{status}</code>
              {contents.map(({ media, type }, i) => (
                <span key={media}>
                  {i > 0 ? " or " : " "}
                  {media === "text/event-stream" ? <a href="#events">{media}</a> : (
                    <>
                      {media} <Type words={type} />
                    </>
                  )}
                </span>
              ))}
            </dt>
            <dd>
              <Words text={description} />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

function Fields({ fields }: { fields: (Field & { in?: string })[] }) {
  return (
    <dl class="fields">
      {fields.map(({ name, type, required, description, in: place }) => (
        <div key={name}>
          <dt>
            <code>{name}</code> <Type words={type} />
            {place ? `, in the ${place}` : ""}
            {required ? "" : ", optional"}
          </dt>
          {description && (
            <dd>
              <Words text={description} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function Type({ words }: { words: TypeWords }) {
  return (
    <span class="reference-type">
      {words.map(({ text, schema }, i) =>
        schema ? <a key={i} href={`#schema-${schema}`}>{text}</a> : text
      )}
    </span>
  );
}

/** A paragraph; words between backticks are code. */
function Words({ text }: { text: string }) {
  return <p>{text.split("`").map((part, i) => i % 2 === 1 ? <code key={i}>{part}</code> : part)}
  </p>;
}
