/** Fetches the embedding model from a model hub or a mirror of one, for machines without the npm package. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../problem.ts";
import { MODEL_FILES, MODEL_ID } from "./model_folder.ts";

type ModelFile = typeof MODEL_FILES[number];

/** What a file must be, byte for byte: other weights would make other vectors under the same name. */
export type Manifest = Record<ModelFile, { bytes: number; sha256: string }>;

/** The files of the model as FARchat was tested with it. */
export const MODEL_MANIFEST: Manifest = {
  "config.json": {
    bytes: 794,
    sha256: "fe5da868b77bdb104140822a5af0837cb6450ad6de8ff3dfcc8dd44ddd3e3ae7",
  },
  "tokenizer.json": {
    bytes: 533_808,
    sha256: "07805d116826679de90b4edeb2222269c4b8753bc0981be4399f732b2708e904",
  },
  "tokenizer_config.json": {
    bytes: 1_463,
    sha256: "e10bb633ba0d7f69ed342ae7de607f36b39ce53b455fbda69c71700bf57e6f66",
  },
  "onnx/model_q4.onnx": {
    bytes: 69_663,
    sha256: "e4dcb918111189b7686147e309379832fce83d4ecbf17c395961749b5788c786",
  },
  "onnx/model_q4.onnx_data": {
    bytes: 54_429_696,
    sha256: "56fb7a55115e900196115a74e399beb45c2f41ae00b99525d46fb52935c4ee2a",
  },
};

/** How to download. */
export interface DownloadOptions {
  /** The hub's address; the files are at `<baseUrl>/<model>/resolve/main/<file>`. */
  baseUrl: string;
  /** The models folder; the model's own folder is made in it. FARCHAT_MODELS_DIR may then name it. */
  dir: string;
  manifest?: Manifest;
  signal?: AbortSignal;
  onProgress?: (bytesDone: number, bytesTotal: number) => void;
}

/**
 * Downloads the model into a temporary folder beside its place, checks size and SHA-256 of every file as it comes, and
 * moves the whole into place: there is never half a model. Returns the model's folder. Throws a Problem when a
 * file can't be had or is another one.
 */
export async function downloadModel(options: DownloadOptions): Promise<string> {
  const { baseUrl, dir, manifest = MODEL_MANIFEST, signal, onProgress } = options;
  const target = join(dir, MODEL_ID);
  await mkdir(dirname(target), { recursive: true });
  const temporary = await mkdtemp(join(dir, ".download-"));
  const total = MODEL_FILES.reduce((sum, file) => sum + manifest[file].bytes, 0);
  let done = 0;
  try {
    for (const file of MODEL_FILES) {
      const url = `${baseUrl.replace(/\/+$/, "")}/${MODEL_ID}/resolve/main/${file}`;
      const path = join(temporary, file);
      await mkdir(dirname(path), { recursive: true });
      await downloadFile(url, path, file, manifest[file], signal, (bytes) => {
        done += bytes;
        onProgress?.(done, total);
      });
    }
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
    return target;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function downloadFile(
  url: string,
  path: string,
  file: string,
  expected: { bytes: number; sha256: string },
  signal: AbortSignal | undefined,
  received: (bytes: number) => void,
): Promise<void> {
  const hash = createHash("sha256");
  let bytes = 0;
  const output = await open(path, "w");
  try {
    for await (const piece of await bodyOf(url, file, signal)) {
      bytes += piece.length;
      if (bytes > expected.bytes) break;
      hash.update(piece);
      await output.writeFile(piece);
      received(piece.length);
    }
    // On disk before the rename says that the model is whole.
    await output.sync();
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error;
    throw new Problem(`The download of "${file}" broke off.`, {
      next: RETRY,
      status: 502,
      cause: error,
    });
  } finally {
    await output.close();
  }
  if (bytes !== expected.bytes || hash.digest("hex") !== expected.sha256) {
    throw new Problem(
      `"${file}" was expected with ${expected.bytes} bytes and a known checksum, but another file came.`,
      { next: `${RETRY} The hub must offer ${MODEL_ID} itself.`, status: 502 },
    );
  }
}

const RETRY = "Check the address of the model hub and the connection to it, and try again.";

async function bodyOf(
  url: string,
  file: string,
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(url, { signal });
  if (response.ok && response.body) return response.body;
  await response.body?.cancel();
  throw new Problem(
    `The model hub was expected to have "${file}", but answered ${response.status}.`,
    {
      next: RETRY,
      status: 502,
    },
  );
}
