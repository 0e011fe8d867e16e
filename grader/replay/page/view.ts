import type { RunModel } from "./run-model.ts";
import { Scale, type ScaleKind } from "./scale.ts";

const ZOOM_MAX = 60;
/** The zoom at which a line of text fits beside each event. */
export const READABLE_ZOOM = 17;

/** What part of the run is on the screen, and what is chosen there. */
export class View {
	readonly model: RunModel;
	scale: Scale;
	/** Pixels for a unit of the scale. */
	zoom = READABLE_ZOOM;
	/** The place at the upper edge, in units. */
	top = 0;
	/** The chosen event. */
	cursor = 0;
	height = 600;
	hidesRepeats: boolean;
	/** The events that a search has found, in order. */
	found: readonly number[] = [];
	readonly #isFound = new Set<number>();
	/** Hears when something has changed. */
	onChange: () => void = () => {};

	constructor(model: RunModel) {
		this.model = model;
		this.hidesRepeats = true;
		this.scale = this.#makeScale("steps");
	}

	/** Whether an event is left out. */
	isHidden(index: number): boolean {
		return this.hidesRepeats && this.model.isRepeat(index);
	}

	isFound(index: number): boolean {
		return this.#isFound.has(index);
	}

	/** Where an event is drawn, in pixels from the upper edge. */
	y(index: number): number {
		return this.toY(this.scale.at(index));
	}

	toY(place: number): number {
		return (place - this.top) * this.zoom;
	}

	toPlace(y: number): number {
		return this.top + y / this.zoom;
	}

	/** The first and the last event that may be on the screen. */
	range(): readonly [number, number] {
		const first = this.scale.indexAt(this.toPlace(-2));
		const last = this.scale.indexAt(this.toPlace(this.height + 2));
		return [Math.max(0, first - 1), Math.min(this.model.events.length - 1, last)];
	}

	pan(pixels: number): void {
		this.#moveTo(this.top + pixels / this.zoom);
	}

	/** Zooms; what lies at this height stays there. */
	zoomBy(factor: number, y = this.height / 2): void {
		const place = this.toPlace(y);
		this.zoom = Math.min(ZOOM_MAX, Math.max(this.#zoomMin(), this.zoom * factor));
		this.#moveTo(place - y / this.zoom);
	}

	/** Shows a stretch, with some room around it. */
	show(fromMs: number, toMs: number): void {
		const [from, to] = [this.scale.atMs(fromMs), this.scale.atMs(toMs)];
		this.zoom = Math.min(ZOOM_MAX, Math.max(this.#zoomMin(), (0.9 * this.height) / Math.max(1, to - from)));
		this.#moveTo(from - (0.05 * this.height) / this.zoom);
	}

	/** Shows everything. */
	fit(): void {
		this.zoom = this.#zoomMin();
		this.#moveTo(-Number.MAX_VALUE);
	}

	/** Chooses an event, and scrolls to it if it is not on the screen. */
	choose(index: number, isCentred = false): void {
		this.cursor = Math.max(0, Math.min(index, this.model.events.length - 1));
		const y = this.y(this.cursor);
		if (isCentred || y < 30 || y > this.height - 40) {
			this.#moveTo(this.scale.at(this.cursor) - (0.6 * this.height) / this.zoom);
		} else {
			this.onChange();
		}
	}

	/** The next event that is not left out, in one direction; this one if there is none. */
	neighbour(direction: 1 | -1, from = this.cursor): number {
		for (let i = from + direction; i >= 0 && i < this.model.events.length; i += direction) {
			if (!this.isHidden(i)) return i;
		}
		return from;
	}

	hideRepeats(isHiding: boolean): void {
		this.hidesRepeats = isHiding;
		this.#rescale(this.scale.kind);
	}

	useScale(kind: ScaleKind): void {
		this.#rescale(kind);
	}

	find(found: readonly number[]): void {
		this.found = found;
		this.#isFound.clear();
		for (const index of found) this.#isFound.add(index);
		this.onChange();
	}

	/** After the canvas has changed its size. */
	resize(height: number): void {
		this.height = height;
		this.#moveTo(this.top);
	}

	/** The chosen event stays where it is on the screen, if it is there. */
	#rescale(kind: ScaleKind): void {
		const y = Math.max(60, Math.min(this.height - 60, this.y(this.cursor)));
		this.scale = this.#makeScale(kind);
		this.zoom = Math.max(this.#zoomMin(), this.zoom);
		this.#moveTo(this.scale.at(this.cursor) - y / this.zoom);
	}

	#makeScale(kind: ScaleKind): Scale {
		return new Scale(kind, this.model.events, (index) => this.isHidden(index));
	}

	#zoomMin(): number {
		return Math.min(READABLE_ZOOM, (this.height - 70) / Math.max(1, this.scale.length));
	}

	#moveTo(top: number): void {
		const margin = 30 / this.zoom;
		const most = Math.max(-margin, this.scale.length - (this.height - 40) / this.zoom);
		this.top = Math.max(-margin, Math.min(most, top));
		this.onChange();
	}
}
