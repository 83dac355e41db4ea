import { HttpError } from "fresh";
import { Head } from "fresh/runtime";
import { ProblemPage } from "../components/problem_page.tsx";
import { debugFacts } from "../lib/web/failures.ts";
import { toProblem } from "../lib/web/problems.ts";
import { define } from "../utils.ts";

const TITLES: Record<number, string> = {
  403: "Not taken",
  404: "Not found",
  405: "Not possible here",
  413: "Too long",
  429: "Too many requests",
  503: "Not available just now",
};

/** What a reader sees of an error: what was expected, what to do, and the id under which the log has the rest. */
export default define.page(({ error, state }) => {
  const problem = toProblem(error);
  const title = TITLES[problem.status] ??
    (problem.status < 500 ? "Not understood" : "Something went wrong");
  const debug = problem.status >= 500 ? debugFacts(state, error) : undefined;
  const known = error instanceof HttpError && problem.status < 500;
  return (
    <>
      <Head>
        <title>{`${title} | FARchat`}</title>
        <meta name="robots" content="noindex" />
      </Head>
      <ProblemPage
        title={title}
        message={problem.message}
        next={problem.next}
        errorId={known ? undefined : state.requestId}
      >
        {debug && <pre>{JSON.stringify(debug, null, 2)}</pre>}
      </ProblemPage>
    </>
  );
});
