/** Takes the place of onnxruntime-node's native module in an executable (scripts/build/bundle.ts). */
import { createRequire } from "node:module";
import { join } from "node:path";
import { unpacked } from "./mod.ts";

// The system's loader finds onnxruntime's library beside it.
export default createRequire(import.meta.url)(
  join(unpacked("onnxruntime"), "onnxruntime_binding.node"),
);
