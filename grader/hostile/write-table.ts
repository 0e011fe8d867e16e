/** Writes the corpus into docs/trust.md. */
import { readFile, writeFile } from "node:fs/promises";
import { withTable } from "./table.ts";

const page = new URL("../../docs/trust.md", import.meta.url);
await writeFile(page, withTable(await readFile(page, "utf8")));
