/** How far a backup or a restore is. */
export interface BackupProgress {
  stage: "copying" | "writing" | "verifying" | "restoring";
  /** Of the stage, 0 to 1. */
  share: number;
}

export type OnProgress = (progress: BackupProgress) => void;
