import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, removeFolders } from "../../testing/command.ts";
import { brokenArchives } from "../testing/broken-archives.ts";
import { BrokenSubmission } from "./broken-submission.ts";
import { findModule } from "./find-module.ts";
import { USUAL_SUBMISSION_LIMITS } from "./limits.ts";
import { openSource } from "./open-source.ts";

describe("broken and hostile archives", () => {
	after(removeFolders);

	for (const { name, make, says } of brokenArchives) {
		it(`${name}: one sentence, and nothing is written`, async () => {
			const folder = await folderWith({});
			const place = path.join(folder, name);
			await writeFile(place, await make());
			const source = { kind: "files", files: [{ name, place, attempt: 0 }] } as const;
			const thrown = await openSource(source, USUAL_SUBMISSION_LIMITS).then(
				(files) => {
					try {
						return findModule(files, undefined);
					} catch (error) {
						return error;
					}
				},
				(error: unknown) => error,
			);
			expect(thrown).to.be.instanceOf(BrokenSubmission);
			expect((thrown as Error).message).to.match(says);
			expect((thrown as Error).message.split("\n")).to.have.length(1);
			expect((thrown as Error).message.length).to.be.below(300);
			expect(await readdir(folder)).to.deep.equal([name]);
			expect(existsSync("/tmp/raft-grade-climbed.txt")).to.equal(false);
		});
	}
});
