/** What the page of a run should do in a browser. page.test.ts runs this in a process of its own. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { startChromium } from "../testing/chromium.ts";
import { folderWith, removeFolders } from "../testing/command.ts";
import type { Window } from "./filter.ts";
import type { Journal } from "./journal-schema.ts";
import { renderPage } from "./render-page.ts";
import { HOSTILE, madeUp, SAMPLES, type Sample, sampleJournal } from "./testing/journals.ts";

/** A page that has been opened, and what went wrong in it. */
interface Opened {
	readonly page: Page;
	readonly errors: string[];
	readonly requests: string[];
}

describe("the page of a run", function () {
	this.timeout(120_000);
	let browser: Browser | undefined;

	before(async () => {
		// Before there is a browser: what drives it and a simulation do not get along in one process.
		for (const sample of Object.keys(SAMPLES) as Sample[]) await sampleJournal(sample);
		browser = await startChromium();
	});

	after(async () => {
		await browser?.close();
		await removeFolders();
	});

	async function open(journal: Journal, window?: Window, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
		const file = path.join(await folderWith({}), "page.html");
		await writeFile(file, await renderPage(journal, window));
		const page = await (browser as Browser).newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
		const errors: string[] = [];
		const requests: string[] = [];
		page.on("pageerror", (error) => errors.push(String(error)));
		page.on("console", (message) => errors.push(message.text()));
		page.on("request", (request) => requests.push(request.url()));
		await page.goto(pathToFileURL(file).href);
		await page.locator('#list [aria-selected="true"], #details .none').first().waitFor({ state: "attached" });
		return { page, errors, requests };
	}

	async function openSample(sample: Sample, window?: Window): Promise<Opened> {
		return open(await sampleJournal(sample), window);
	}

	/** After the next frame, in which what was asked for is drawn. */
	const settled = (page: Page) =>
		page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
	const chosen = (page: Page) => page.locator('#list [aria-selected="true"]').innerText();
	const press = async (page: Page, ...keys: string[]) => {
		for (const key of keys) await page.keyboard.press(key);
		await settled(page);
	};
	/** A sum over what is drawn: whether something has changed on it. */
	const picture = (page: Page) => page.evaluate<string>('document.getElementById("diagram").toDataURL()');

	for (const sample of Object.keys(SAMPLES) as Sample[]) {
		it(`opens without an error and asks the network for nothing (${sample})`, async () => {
			const { page, errors, requests } = await openSample(sample);
			await press(page, "0", "h", "t", "+", "d", "?", "End", "Home");
			expect(errors).to.deep.equal([]);
			expect(requests).to.deep.equal([page.url()]);
			expect(await page.title()).to.match(/^\w+@[0-9a-f]+ · raft-grade$/);
			await page.close();
		});
	}

	it("opens at the failure, names it, and finds the way back to it", async () => {
		const { page } = await openSample("twoLeaders");
		expect(await page.locator("#verdict").innerText()).to.include("two leaders in term 3: S1 and S0");
		expect(await chosen(page)).to.include("FAILS (election-safety)");
		await press(page, "Home");
		expect(await chosen(page)).to.include("S0: starts");
		await press(page, "f");
		expect(await chosen(page)).to.include("FAILS (election-safety)");
		await press(page, "Home");
		await page.locator("#to-failure").click();
		await settled(page);
		expect(await chosen(page)).to.include("FAILS");
		await page.close();
	});

	it("opens at the beginning if nothing failed, or where it is asked to", async () => {
		const { page } = await openSample("passing");
		expect(await page.locator("#verdict").isVisible()).to.equal(false);
		expect(await page.locator("#to-failure").isDisabled()).to.equal(true);
		expect(await chosen(page)).to.include("S0: starts");
		await page.close();
		const { page: later } = await openSample("passing", { fromMs: 900, toMs: 1000 });
		expect(Number((await later.locator("#clock").innerText()).split(" ")[0])).to.be.within(0.9, 1.1);
		await later.close();
	});

	it("tells what happened, step by step, and leads to each step's event", async () => {
		const { page } = await openSample("twoLeaders");
		const steps = page.locator("#story button");
		expect(await page.locator("#told").isVisible()).to.equal(true);
		expect(await steps.last().innerText()).to.match(/^2\.118\s+S0 leads term 3$/);
		await steps.first().click();
		await settled(page);
		expect(await chosen(page)).to.match(/^1\.623\s+S1: /);
		expect(await steps.first().getAttribute("aria-current")).to.equal("step");
		const guilty = page.locator("#story .guilty button");
		expect(await guilty.innerText()).to.match(/^2\.118\s+!\s*the mistake:\s*S1 has now voted twice in term 3/);
		await guilty.focus();
		await press(page, "Enter");
		expect(await chosen(page)).to.include("S1: answers S0's RequestVote");
		expect(await page.locator("#story [aria-current]").count()).to.equal(1);
		await press(page, "n");
		expect(await chosen(page)).to.include("S2: answers S0's RequestVote");
		await press(page, "p", "p");
		expect(await chosen(page)).to.include("S0: RequestVote to");
		await press(page, "c");
		expect(await chosen(page)).to.include("S1: answers S0's RequestVote");
		await page.close();
	});

	it("marks in the diagram where a server broke a rule", async () => {
		const journal = await sampleJournal("twoLeaders");
		const { page } = await open(journal);
		const { page: without } = await open({ ...journal, story: journal.story && { ...journal.story, culprit: null } });
		expect(await picture(page)).to.not.equal(await picture(without));
		await without.close();
		await page.close();
	});

	it("has no such section where there is nothing to tell", async () => {
		const { page } = await openSample("passing");
		expect(await page.locator("#told").isVisible()).to.equal(false);
		await press(page, "n", "p", "c");
		expect(await chosen(page)).to.include("S0: starts");
		await page.close();
	});

	it("steps from event to event, at one server, and from end to end of a message", async () => {
		const { page } = await openSample("twoLeaders");
		await press(page, "ArrowUp");
		expect(await chosen(page)).to.include("S0: LEADER of term 3");
		await press(page, "ArrowDown");
		expect(await chosen(page)).to.include("FAILS");
		await press(page, "k", "ArrowLeft");
		expect(await chosen(page)).to.match(/^2\.118\s+S0: /);
		await page.locator("#search").fill("S0: RequestVote to S6: term:3");
		await press(page, "Enter");
		await press(page, "Escape");
		expect(await chosen(page)).to.include("S0: RequestVote to S6");
		await press(page, "Enter");
		expect(await chosen(page)).to.include("S6: RequestVote of S0 arrives");
		await press(page, "Enter");
		expect(await chosen(page)).to.include("S6: answers S0's RequestVote");
		expect(await page.locator("#announcement").textContent()).to.include("S6: answers S0's RequestVote");
		await page.close();
	});

	it("shows both ends of a message and what it carried", async () => {
		const { page } = await openSample("lostEntry");
		await page.locator("#search").fill("AppendEntries to S4: term:15");
		await press(page, "Enter");
		await settled(page);
		const details = page.locator("#details");
		expect(await details.locator("h3").innerText()).to.equal("AppendEntries: S3 to S4");
		expect(await details.locator("dl").innerText()).to.match(/request\s+arrived\s+reply\s+arrived/);
		expect(await details.locator("pre").first().innerText()).to.match(/term: 15,\s+leaderId: 3/);
		await details.getByRole("button", { name: "is answered" }).click();
		await settled(page);
		expect(await chosen(page)).to.include("S4: answers S3's AppendEntries");
		await page.close();
	});

	it("is clicked at: on a mark, on a message", async () => {
		const { page } = await openSample("twoLeaders");
		const box = await page.locator("#diagram").boundingBox();
		const seen = new Set<string>();
		for (let y = 60; y < 560; y += 25) {
			await page.mouse.click((box?.x ?? 0) + 0.24 * (box?.width ?? 0), (box?.y ?? 0) + y);
			await settled(page);
			seen.add(await chosen(page));
		}
		expect(seen.size).to.be.above(5);
		await page.close();
	});

	it("tells each server's state at the chosen moment, and the console lines up to it", async () => {
		const { page } = await openSample("twoLeaders");
		const card = (server: number) => page.locator("#cards .card").nth(server + 1);
		expect(await card(0).innerText()).to.match(/S0 term 3\s+leader\s+log 0\s+applied 0/);
		expect(await card(4).innerText()).to.include("cut off");
		expect(await page.locator("#lines li.now").last().innerText()).to.include("S0 role: leader in term 3");
		await page.locator("#moment").fill("0");
		await settled(page);
		expect(await card(4).innerText()).to.include("not started");
		expect(await page.locator("#lines").innerText()).to.equal("none so far");
		await page.close();
	});

	it("zooms, pans, follows true time, and hides heartbeats", async () => {
		const { page } = await openSample("passing");
		await press(page, "ArrowDown");
		const seen = new Set([await picture(page)]);
		const changes = async (what: string, act: () => Promise<unknown>) => {
			await act();
			await settled(page);
			const now = await picture(page);
			expect(seen.has(now), what).to.equal(false);
			seen.add(now);
		};
		await changes("zoom by key", () => page.keyboard.press("-"));
		await changes("zoom by button", () =>
			page
				.locator("#zoom-in")
				.click()
				.then(() => page.locator("#zoom-in").click()),
		);
		await changes("zoom by wheel", async () => {
			await page.mouse.move(500, 400);
			await page.keyboard.down("Control");
			await page.mouse.wheel(0, 300);
			await page.keyboard.up("Control");
			await page.waitForTimeout(200);
		});
		await changes("pan by wheel", async () => {
			await page.mouse.wheel(0, 700);
			await page.waitForTimeout(200);
		});
		await changes("pan by drag", async () => {
			await page.mouse.down();
			await page.mouse.move(500, 300, { steps: 3 });
			await page.mouse.up();
		});
		await changes("the whole run", () => page.keyboard.press("0"));
		await changes("true time", () => page.keyboard.press("t"));
		await press(page, "t", "End");
		const list = () => page.locator("#list").innerText();
		const without = await list();
		await changes("heartbeats", () => page.keyboard.press("h"));
		expect(await list()).to.not.equal(without);
		expect(await page.locator("#repeats").getAttribute("aria-pressed")).to.equal("false");
		await page.close();
	});

	it("finds events, and says how many", async () => {
		const { page } = await openSample("twoLeaders");
		await page.keyboard.press("/");
		await page.keyboard.type("leader of term");
		await settled(page);
		expect(await page.locator("#hits").innerText()).to.match(/^\d+ found$/);
		await press(page, "Enter");
		expect(await page.locator("#hits").innerText()).to.match(/^1 of \d+$/);
		expect(await chosen(page)).to.include("LEADER of term");
		await page.locator("#search").fill("no such thing");
		expect(await page.locator("#hits").innerText()).to.equal("none");
		await page.close();
	});

	it("is dark where the system is, and on request", async () => {
		const { page } = await open(await sampleJournal("passing"), undefined, "dark");
		const theme = () => page.locator("html").getAttribute("data-theme");
		expect(await theme()).to.equal("dark");
		await press(page, "d");
		expect(await theme()).to.equal("light");
		await page.emulateMedia({ colorScheme: "light" });
		// A page hears of the system's colours when it draws: of what changes and changes back before that it hears nothing.
		await settled(page);
		await page.emulateMedia({ colorScheme: "dark" });
		await page.locator('html[data-theme="dark"]').waitFor({ state: "attached" });
		await page.close();
	});

	it("takes whatever a submission writes for a text", async () => {
		const events = HOSTILE.flatMap((text, i) => [
			{ atMs: i, kind: "log" as const, server: 0, topic: text, text },
			{
				atMs: i,
				kind: "call" as const,
				rpc: i + 1,
				from: 0,
				to: 1,
				method: text,
				args: JSON.stringify({ [text]: text }),
				bytes: 1,
			},
			{ atMs: i, kind: "handled" as const, rpc: i + 1, from: 0, to: 1, reply: text },
			{ atMs: i, kind: "tester" as const, text },
		]);
		const failure = {
			check: "x",
			message: HOSTILE.join(" "),
			atMs: 3,
			servers: [99],
			expected: HOSTILE[0],
			actual: HOSTILE[1],
			places: [...HOSTILE],
		};
		const { page, errors, requests } = await open({
			...madeUp(events),
			target: HOSTILE[0],
			title: HOSTILE[1],
			failure,
			story: {
				steps: HOSTILE.map((text, i) => ({
					atMs: i,
					server: 0,
					text,
					event: i % 2 === 0 ? 4 * i : null,
					minor: i % 3 === 0,
				})),
				culprit: { server: 99, event: 8 },
			},
		});
		await press(page, "Home");
		for (let i = 0; i < events.length; i++) await press(page, "ArrowDown");
		for (const step of await page.locator("#story button").all()) await step.click();
		expect(await page.title()).to.equal("Backup@7 · raft-grade");
		expect(await page.locator("img, script:not([id]):not(:last-of-type), iframe, a").count()).to.equal(0);
		expect(errors).to.deep.equal([]);
		expect(requests).to.have.length(1);
		await page.close();
	});

	it("opens for a run of which nothing is known, and of very many events", async () => {
		const nothing = await open(madeUp([], 0));
		await press(nothing.page, "ArrowDown", "0", "f", "End", "t", "Enter");
		expect(nothing.errors).to.deep.equal([]);
		await nothing.page.close();
		const events = Array.from({ length: 100_000 }, (_, i) => ({
			atMs: i / 10,
			kind: "save" as const,
			server: i % 3,
			stateBytes: i,
			snapshotBytes: 0,
		}));
		const { page, errors } = await open(madeUp(events));
		await press(page, "0", "End");
		expect(errors).to.deep.equal([]);
		expect(await page.locator("#clock").innerText()).to.include("event 100000 of 100000");
		await page.close();
	});

	it("keeps pictures of itself, if a folder is named", async () => {
		const folder = process.env.RAFT_GRADE_PICTURES;
		if (folder === undefined) return;
		await mkdir(folder, { recursive: true });
		const pictures = [
			{ colours: "light", sample: "twoLeaders", title: "multiple elections", keys: ["c", "PageDown"] },
			{ colours: "dark", sample: "lostEntry", title: "the log backs up quickly", keys: ["c", "PageUp", "c"] },
		] as const;
		for (const { colours, sample, title, keys } of pictures) {
			const { page } = await open({ ...(await sampleJournal(sample)), title }, undefined, colours);
			await press(page, ...keys);
			await page.screenshot({ path: path.join(folder, `replay-${colours}.png`) });
			await page.close();
		}
	});
});
