import { readFileSync } from "node:fs";
import path from "node:path";
import { PACKAGE_ROOT } from "../package-root.ts";
import type { SourceText } from "./compare.ts";

/** The student template that comes along. */
export function templateSource(): SourceText {
	const text = readFileSync(path.join(PACKAGE_ROOT, "student-template/src/raft.ts"), "utf8");
	return { name: "the template", files: [{ name: "src/raft.ts", text }] };
}
