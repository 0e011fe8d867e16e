import path from "node:path";
import { fileURLToPath } from "node:url";

/** The files with the labs' Mocha suites, in order: as sources or as built, whichever this very file is. */
export const SUITE_FILES: readonly string[] = ["2a", "2b", "2c", "2d"].map((part) =>
	fileURLToPath(new URL(`./${part}${path.extname(import.meta.url)}`, import.meta.url)),
);
