/** The page of a run: everything in it comes from the journal that it holds. */
import { printable } from "../../../harness/printable.ts";
import { columnOf } from "../describe.ts";
import type { Journal } from "../journal-schema.ts";
import { fillCards } from "./cards.ts";
import { details } from "./details.ts";
import { drawDiagram } from "./diagram.ts";
import { byId, element } from "./elements.ts";
import { eventAt } from "./event-at.ts";
import { fillConsole, fillEventList } from "./event-list.ts";
import { help } from "./help.ts";
import { type Layout, layOut } from "./layout.ts";
import { drawOverview, overviewMs } from "./overview.ts";
import { RunModel } from "./run-model.ts";
import { markStep, placeOf, storySteps } from "./story.ts";
import { DARK, LIGHT, type Theme } from "./theme.ts";
import { READABLE_ZOOM, View } from "./view.ts";

interface PageData {
	readonly journal: Journal;
	/** What is shown first. */
	readonly window: { readonly fromMs: number; readonly toMs: number } | null;
}

const { journal, window: firstWindow } = JSON.parse(byId("journal").textContent ?? "") as PageData;
const model = new RunModel(journal);
const view = new View(model);

const canvas = byId<HTMLCanvasElement>("diagram");
const overview = byId<HTMLCanvasElement>("overview");
const search = byId<HTMLInputElement>("search");
const moment = byId<HTMLInputElement>("moment");
const list = byId("list");

let theme: Theme = LIGHT;
let layout: Layout = layOut(800, 600, journal.servers);
let isDrawn = true;
/** What the panels show now: they are made anew only when another event is chosen. */
let shownCursor = -1;
let shownRepeats = view.hidesRepeats;

fillHead();
useTheme(matchMedia("(prefers-color-scheme: dark)").matches);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => useTheme(matches));
view.onChange = draw;
new ResizeObserver(resize).observe(byId("canvases"));
resize();
begin();
listen();

/** Draws with the next frame, however often it is asked. */
function draw(): void {
	if (!isDrawn) return;
	isDrawn = false;
	requestAnimationFrame(() => {
		isDrawn = true;
		drawNow();
	});
}

function drawNow(): void {
	drawDiagram(contextOf(canvas), view, layout, theme);
	drawOverview(contextOf(overview), view, overview.clientWidth, overview.clientHeight, theme);
	performance.mark("drawn");
	if (shownCursor === view.cursor && shownRepeats === view.hidesRepeats) return;
	shownCursor = view.cursor;
	shownRepeats = view.hidesRepeats;
	const atMs = model.events[view.cursor]?.atMs ?? 0;
	moment.value = String(view.cursor);
	const clock = `${(atMs / 1000).toFixed(3)} s, event ${view.cursor + 1} of ${model.events.length}`;
	byId("clock").textContent = clock;
	moment.setAttribute("aria-valuetext", clock);
	fillCards(byId("cards"), view, layout, theme);
	byId("details").replaceChildren(...details(model, view.cursor, choose));
	fillConsole(byId("lines"), view);
	markStep(byId("story"), model, view.cursor);
	fillEventList(list, view);
	if (model.events.length > 0)
		byId("announcement").textContent = `${(atMs / 1000).toFixed(3)} s: ${model.text(view.cursor).slice(0, 300)}`;
}

function contextOf(of: HTMLCanvasElement): CanvasRenderingContext2D {
	const context = of.getContext("2d", { alpha: false });
	if (context === null) throw new Error("this browser draws no canvas");
	context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
	return context;
}

function resize(): void {
	for (const each of [canvas, overview]) {
		each.width = Math.max(1, Math.round(each.clientWidth * devicePixelRatio));
		each.height = Math.max(1, Math.round(each.clientHeight * devicePixelRatio));
	}
	layout = layOut(canvas.clientWidth, canvas.clientHeight, journal.servers);
	shownCursor = -1;
	view.resize(canvas.clientHeight);
}

/** Where the page opens: what was asked for, else the failure, else the beginning. */
function begin(): void {
	const target = model.failure >= 0 ? model.failure : 0;
	view.choose(target, true);
	if (firstWindow === null) return;
	if (firstWindow.fromMs > (model.events[target]?.atMs ?? 0) || firstWindow.toMs < (model.events[target]?.atMs ?? 0)) {
		view.choose(model.indexAt(firstWindow.fromMs));
	}
	view.show(firstWindow.fromMs, firstWindow.toMs);
}

function fillHead(): void {
	const { run, target, title, schedule, servers, virtualMs, failure, thinned, tool } = journal;
	document.title = `${run} · raft-grade`;
	byId("run").textContent = run;
	const length = `${(virtualMs / 1000).toFixed(3)} s of virtual time, ${model.events.length} events`;
	const about = [title, `${servers} servers`, `schedule ${schedule}`, length, target, `raft-grade ${tool.version}`];
	byId("about").textContent = printable(about.filter((each) => each !== "").join(" · "));
	moment.max = String(Math.max(0, model.events.length - 1));
	byId("keys").replaceChildren(...help());
	byId<HTMLButtonElement>("to-failure").disabled = model.failure < 0;
	const steps = storySteps(model, choose);
	byId("story").replaceChildren(...steps);
	byId("told").hidden = steps.length === 0;
	const verdict = byId("verdict");
	const lines: HTMLElement[] = [];
	if (failure !== null) {
		const { check, message, atMs, expected, actual, places } = failure;
		lines.push(
			element("p", {}, [
				element("strong", { text: "✕ FAILED " }),
				new Text(`${printable(message)} `),
				element("span", { class: "faint", text: `${check}, at ${(atMs / 1000).toFixed(3)} s` }),
			]),
		);
		const more = [
			...(expected === null ? [] : [`expected: ${expected}`]),
			...(actual === null ? [] : [`actual: ${actual}`]),
			...places.slice(0, 3).map((place) => `at ${place}`),
		];
		lines.push(...more.map((text) => element("p", { class: "faint", text: printable(text) })));
	}
	if (thinned > 0)
		lines.push(element("p", { text: `There were too many events: ${thinned} of the beginning are left out.` }));
	verdict.replaceChildren(...lines);
	verdict.hidden = lines.length === 0;
}

function useTheme(isDark: boolean): void {
	theme = isDark ? DARK : LIGHT;
	document.documentElement.dataset.theme = isDark ? "dark" : "light";
	shownCursor = -1;
	draw();
}

function choose(index: number): void {
	view.choose(index);
}

function toFailure(): void {
	if (model.failure < 0) return;
	view.zoom = Math.max(view.zoom, READABLE_ZOOM);
	view.choose(model.failure, true);
}

function toCulprit(): void {
	if (model.culprit !== null) choose(model.culprit.event);
}

/** The next step of the story, seen from the chosen event. */
function nextStep(direction: 1 | -1): void {
	const places = (journal.story?.steps ?? []).map((step) => placeOf(step, model));
	const next =
		direction === 1 ? places.find((place) => place > view.cursor) : places.findLast((place) => place < view.cursor);
	if (next !== undefined) choose(next);
}

function toggleRepeats(): void {
	view.hideRepeats(!view.hidesRepeats);
	byId("repeats").setAttribute("aria-pressed", String(view.hidesRepeats));
}

function toggleScale(): void {
	view.useScale(view.scale.kind === "steps" ? "time" : "steps");
	byId("scale").setAttribute("aria-pressed", String(view.scale.kind === "time"));
}

function toggleHelp(): void {
	const keys = byId("keys");
	keys.hidden = !keys.hidden;
	byId("help").setAttribute("aria-expanded", String(!keys.hidden));
}

function toggleTheme(): void {
	useTheme(theme === LIGHT);
}

/** The next event at the server of the chosen one. */
function sameServer(direction: 1 | -1): void {
	const event = model.events[view.cursor];
	const server = event === undefined ? undefined : columnOf(event);
	for (let i = view.neighbour(direction); ; ) {
		const found = model.events[i];
		if (found !== undefined && columnOf(found) === server && i !== view.cursor) {
			choose(i);
			return;
		}
		const next = view.neighbour(direction, i);
		if (next === i) return;
		i = next;
	}
}

/** From one end of a message to the next, and round again. */
function otherEnd(): void {
	const call = model.callAt(view.cursor);
	if (call === undefined) return;
	const ends = [call.call, call.deliver, call.handled, call.end, ...call.again].filter((end) => end !== undefined);
	const next = ends[(ends.indexOf(view.cursor) + 1) % ends.length];
	if (next !== undefined) choose(next);
}

function find(): void {
	const wanted = search.value.trim().toLowerCase();
	const found: number[] = [];
	if (wanted !== "") {
		for (const [i, event] of model.events.entries()) {
			const more = event.kind === "call" ? event.args : event.kind === "handled" ? event.reply : "";
			if (!view.isHidden(i) && (model.text(i).toLowerCase().includes(wanted) || more.toLowerCase().includes(wanted)))
				found.push(i);
		}
	}
	view.find(found);
	tellHits();
}

function tellHits(): void {
	const at = view.found.indexOf(view.cursor);
	const hits =
		search.value.trim() === ""
			? ""
			: view.found.length === 0
				? "none"
				: at < 0
					? `${view.found.length} found`
					: `${at + 1} of ${view.found.length}`;
	byId("hits").textContent = hits;
}

function nextFound(direction: 1 | -1): void {
	const { found, cursor } = view;
	const next =
		direction === 1
			? (found.find((index) => index > cursor) ?? found[0])
			: (found.findLast((index) => index < cursor) ?? found.at(-1));
	if (next !== undefined) view.choose(next);
	tellHits();
}

const ACTIONS: Readonly<Record<string, () => void>> = {
	ArrowDown: () => choose(view.neighbour(1)),
	ArrowUp: () => choose(view.neighbour(-1)),
	j: () => choose(view.neighbour(1)),
	k: () => choose(view.neighbour(-1)),
	ArrowRight: () => sameServer(1),
	ArrowLeft: () => sameServer(-1),
	Enter: otherEnd,
	f: toFailure,
	n: () => nextStep(1),
	p: () => nextStep(-1),
	c: toCulprit,
	Home: () => choose(view.neighbour(1, -1)),
	End: () => choose(view.neighbour(-1, model.events.length)),
	PageDown: () => view.pan(0.9 * view.height),
	PageUp: () => view.pan(-0.9 * view.height),
	"+": () => view.zoomBy(1.5, cursorY()),
	"=": () => view.zoomBy(1.5, cursorY()),
	"-": () => view.zoomBy(1 / 1.5, cursorY()),
	"0": () => view.fit(),
	h: toggleRepeats,
	t: toggleScale,
	d: toggleTheme,
	"?": toggleHelp,
	"/": () => search.focus(),
};

/** Zooming by key keeps the chosen event where it is, if it is on the screen. */
function cursorY(): number {
	const y = view.y(view.cursor);
	return y >= 0 && y <= view.height ? y : view.height / 2;
}

function listen(): void {
	document.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const { target } = event;
		if (target === search) {
			if (event.key === "Enter") nextFound(event.shiftKey ? -1 : 1);
			if (event.key === "Escape") canvas.focus();
			return;
		}
		// Keys that a control knows itself are its own.
		const isControl = target instanceof HTMLButtonElement && (event.key === "Enter" || event.key === " ");
		const isSlider = target === moment && /^(Arrow|Page|Home|End)/.test(event.key);
		const action = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
		if (action === undefined || isControl || isSlider) return;
		event.preventDefault();
		action();
	});
	const buttons: Readonly<Record<string, () => void>> = {
		"to-failure": toFailure,
		"zoom-in": () => view.zoomBy(1.5, cursorY()),
		"zoom-out": () => view.zoomBy(1 / 1.5, cursorY()),
		fit: () => view.fit(),
		repeats: toggleRepeats,
		scale: toggleScale,
		theme: toggleTheme,
		help: toggleHelp,
	};
	for (const [id, action] of Object.entries(buttons)) byId(id).addEventListener("click", action);
	search.addEventListener("input", find);
	moment.addEventListener("input", () => choose(Number(moment.value)));
	list.addEventListener("click", ({ target }) => {
		const index = (target as Element).closest<HTMLElement>("[role=option]")?.dataset.index;
		if (index !== undefined) choose(Number(index));
	});
	listenToDiagram();
	listenToOverview();
}

const CLICK_MAX = 4;

function listenToDiagram(): void {
	let held: { readonly y: number; readonly moved: number } | undefined;
	canvas.addEventListener(
		"wheel",
		(event) => {
			event.preventDefault();
			const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 * event.deltaY : event.deltaY;
			if (event.ctrlKey || event.metaKey) view.zoomBy(Math.exp(-pixels / 240), event.offsetY);
			else view.pan(pixels);
		},
		{ passive: false },
	);
	canvas.addEventListener("pointerdown", (event) => {
		held = { y: event.offsetY, moved: 0 };
		canvas.setPointerCapture(event.pointerId);
	});
	canvas.addEventListener("pointermove", (event) => {
		if (held === undefined) return;
		const by = event.offsetY - held.y;
		held = { y: event.offsetY, moved: held.moved + Math.abs(by) };
		if (held.moved > CLICK_MAX) view.pan(-by);
	});
	canvas.addEventListener("pointerup", (event) => {
		if (held !== undefined && held.moved <= CLICK_MAX) {
			const found = eventAt(event.offsetX, event.offsetY, view, layout);
			if (found !== undefined) view.choose(found);
		}
		held = undefined;
	});
	canvas.addEventListener("pointercancel", () => {
		held = undefined;
	});
}

function listenToOverview(): void {
	const go = (event: PointerEvent) => {
		const ms = overviewMs(event.offsetY, overview.clientHeight, view);
		view.choose(view.neighbour(1, model.indexAt(ms) - 1), true);
	};
	overview.addEventListener("pointerdown", (event) => {
		overview.setPointerCapture(event.pointerId);
		go(event);
	});
	overview.addEventListener("pointermove", (event) => {
		if (event.buttons !== 0) go(event);
	});
}
