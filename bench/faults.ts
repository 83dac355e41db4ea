/** Faults at length: the kill tests of tests/faults with 100 kills instead of ten. `deno task bench faults [KILLS]`. */
import { repositoryPath } from "../tests/support/shared.ts";

/** Runs them; the exit code of the tests. */
export async function benchFaults([kills = "100"]: string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "-A", repositoryPath("tests/faults/kill_test.ts")],
    env: { FAULT_KILLS: kills },
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return code;
}
