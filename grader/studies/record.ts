import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PACKAGE_ROOT } from "../package-root.ts";

/** Where what a study writes ends, and what somebody has made of it begins. */
const MARK = "<!-- written by hand from here on -->";

/** Writes a study's page in docs/; what stands there below the mark stays. */
export function record(page: string, text: string): void {
	const file = path.join(PACKAGE_ROOT, "docs", page);
	const [, byHand = "\n"] = existsSync(file) ? readFileSync(file, "utf8").split(MARK) : [];
	writeFileSync(file, `${text}\n\n${MARK}${byHand}`);
}
