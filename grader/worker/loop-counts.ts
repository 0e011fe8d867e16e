import type { ProgramSource } from "../../harness/index.ts";
export const withLoopCounts = (s: ProgramSource): ProgramSource => s;
