import { Retriever } from "../retrieve/retriever.ts";
import type { Retrieval } from "../retrieve/types.ts";
import type { Metrics } from "./metrics.ts";
import { inSpan, pastSpan } from "./traces.ts";

/** The retriever, with its time in the metrics and in traces: `retrieve`, and in it `embed` and `search`. */
export class WatchedRetriever extends Retriever {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics, ...parts: ConstructorParameters<typeof Retriever>) {
    super(...parts);
    this.#metrics = metrics;
  }

  override retrieve(...asked: Parameters<Retriever["retrieve"]>): Promise<Retrieval> {
    return inSpan("retrieve", {}, async (span) => {
      const began = Date.now();
      const retrieval = await super.retrieve(...asked);
      const { timings, sections, passages, usedVectors } = retrieval;
      this.#metrics.retrieval(timings);
      if (span.isRecording()) {
        pastSpan("embed", began, began + timings.embed);
        pastSpan("search", began + timings.embed, began + timings.embed + timings.search);
        span.setAttributes({
          "farchat.sections": sections.length,
          "farchat.passages": passages.length,
          "farchat.used_vectors": usedVectors,
        });
      }
      return retrieval;
    });
  }
}
