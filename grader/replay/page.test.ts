import { expect } from "chai";
import { chromiumPath } from "../testing/chromium.ts";
import { ROOT, run } from "../testing/command.ts";
import { bundlePage } from "./page-shell.ts";

describe("the page of a run", function () {
	this.timeout(300_000);

	// In a process of its own: what drives the browser uses async_hooks, which the simulation refuses to share a process with.
	it("does in Chromium all that page.checks.ts asks of it", async function () {
		if (chromiumPath() === undefined) {
			console.log("      no Chromium on this machine: apt-get install chromium, or set CHROMIUM");
			this.skip();
		}
		const mocha = ["node_modules/mocha/bin/mocha.js", "--reporter", "dot", "grader/replay/page.checks.ts"];
		const { code, stdout, stderr } = await run(process.execPath, mocha, ROOT);
		expect(code, `${stdout}\n${stderr}`).to.equal(0);
		expect(stdout).to.match(/^ +\d+ passing/m);
	});

	it("is small without a run, and allows no request", async () => {
		const html = await bundlePage();
		expect(html.length).to.be.below(200_000);
		expect(html).to.match(
			/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';/,
		);
		expect(html).to.not.match(/https?:|unsafe-inline|innerHTML|eval\(/);
	});
});
