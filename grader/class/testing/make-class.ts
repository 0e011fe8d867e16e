import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { mutants } from "../../../reference/mutants/index.ts";
import { variants } from "../../../reference/variants/index.ts";
import { CORPUS } from "../../hostile/corpus/index.ts";
import { layOut } from "../../hostile/lay-out.ts";
import { ROOT } from "../../testing/command.ts";
import { brokenArchives } from "./broken-archives.ts";

/** A kind of submission, and how it is made. */
export interface Kind {
	/** Unique. */
	readonly name: string;
	/** Lays it out in a folder, or gives an archive that is handed in as it is. */
	readonly make: ((folder: string) => Promise<void>) | { readonly archive: string; bytes(): Buffer | Promise<Buffer> };
}

const REFERENCE = path.join(ROOT, "reference");
const NOT_HANDED_IN = /(?:^|\/)(?:mutants|styles|variants|testing\.ts|README\.md)(?:\/|$)|\.test\.ts$/;

async function copyReference(to: string, except = NOT_HANDED_IN): Promise<void> {
	await cp(REFERENCE, to, { recursive: true, filter: (file) => !except.test(path.relative(REFERENCE, file)) });
}

function solution(name: string, module: string, except?: RegExp): Kind {
	return {
		name,
		make: async (folder) => {
			await copyReference(path.join(folder, "reference"), except);
			await writeFile(path.join(folder, "raft.ts"), `export { make } from "./reference/${module}.ts";\n`);
		},
	};
}

const WITH_OTHERS = /(?:^|\/)(?:mutants|testing\.ts|README\.md)(?:\/|$)|\.test\.ts$/;

/** Everything that a class is made of. */
export const kinds: readonly Kind[] = [
	solution("reference", "index"),
	...["callbacks", "loops", "roles/raft"].map((style) =>
		solution(`style-${style.replace(/\W.*/, "")}`, `styles/${style}`, WITH_OTHERS),
	),
	...variants.map(({ id }) => solution(`variant-${id}`, `variants/${id}`, WITH_OTHERS)),
	...mutants.map(
		({ id, edits }): Kind => ({
			name: `mutant-${id}`,
			make: async (folder) => {
				await mkdir(path.join(folder, "src"), { recursive: true });
				await copyReference(path.join(folder, "src"));
				for (const { file, find, replace } of edits) {
					const place = path.join(folder, "src", file);
					await writeFile(
						place,
						(await readFile(place, "utf8")).replace(find, () => replace),
					);
				}
				const manifest = { name: "lab", raftGrade: { target: "src/index.ts" } };
				await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
			},
		}),
	),
	...[...CORPUS.values()]
		.flat()
		.map((one): Kind => ({ name: `hostile-${one.name}`, make: (folder) => layOut(one, "reference", folder) })),
	...brokenArchives.map(
		({ name, make }): Kind => ({ name: `broken-${path.parse(name).name}`, make: { archive: name, bytes: make } }),
	),
	{
		name: "template",
		make: (folder) =>
			cp(path.join(ROOT, "student-template"), folder, {
				recursive: true,
				filter: (file) => !/test\.ts$|node_modules/.test(file),
			}),
	},
];

/** How a submission is handed in. */
const PACKINGS = ["folder", "zip", "tgz", "nested zip"] as const;

/**
 * Makes a class: students who hand in, in turn, one of each kind; each submission is somewhat its own, so that none is the same as another.
 *
 * @param chosen - the kinds, over and over.
 */
export async function makeClass(folder: string, count: number, chosen: readonly Kind[] = kinds): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (let i = 0; i < count; i++) {
		const kind = chosen[i % chosen.length] as Kind;
		const student = `s${String(i).padStart(3, "0")}-${kind.name}`;
		if (typeof kind.make !== "function") {
			const ending = kind.make.archive.replace(/^[^.]*/, "");
			await writeFile(path.join(folder, student + ending), await kind.make.bytes());
			continue;
		}
		const work = await mkdtemp(path.join(os.tmpdir(), "raft-grade-class-"));
		try {
			const laidOut = path.join(work, "lab");
			await kind.make(laidOut);
			await writeFile(path.join(laidOut, "student.json"), JSON.stringify({ student }));
			await hand(laidOut, path.join(folder, student), await packingFor(laidOut, i));
		} finally {
			await rm(work, { recursive: true, force: true });
		}
	}
}

/** Links and pipes are handed in as they are. */
async function packingFor(folder: string, i: number): Promise<(typeof PACKINGS)[number]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const isPlain = entries.every((entry) => entry.isFile() || entry.isDirectory());
	return isPlain ? (PACKINGS[i % PACKINGS.length] ?? "folder") : "folder";
}

async function hand(from: string, to: string, packing: (typeof PACKINGS)[number]): Promise<void> {
	switch (packing) {
		case "folder":
			execFileSync("cp", ["-a", from, to]);
			return;
		case "tgz":
			execFileSync("tar", ["czf", `${to}.tgz`, "-C", path.dirname(from), path.basename(from)]);
			return;
		case "zip":
			execFileSync("zip", ["-qr", `${to}.zip`, "."], { cwd: from });
			return;
		case "nested zip": {
			await mkdir(to);
			execFileSync("zip", ["-qr", `${to}.zip`, path.basename(from)], { cwd: path.dirname(from) });
			await rename(`${to}.zip`, path.join(to, "lab.zip"));
		}
	}
}
