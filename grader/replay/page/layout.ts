/** Where lanes lie across the diagram, in pixels. */
export interface Layout {
	readonly width: number;
	readonly height: number;
	/** The time stands to the left of it. */
	readonly gutter: number;
	/** The tester's lane. */
	readonly tester: { readonly x: number; readonly width: number };
	/** Each server's line. */
	readonly lanes: readonly number[];
	/** How wide a server's column is; its line stands near the left end. */
	readonly column: number;
	/** Where the first column begins. */
	readonly left: number;
}

const GUTTER = 62;
/** How far into a column its line stands. */
export const LINE_AT = 14;

export function layOut(width: number, height: number, servers: number): Layout {
	const tester = Math.max(90, Math.min(190, width * 0.16));
	const left = GUTTER + tester;
	const column = Math.max(40, (width - left - 8) / Math.max(1, servers));
	const lanes = Array.from({ length: servers }, (_, server) => left + server * column + LINE_AT);
	return { width, height, gutter: GUTTER, tester: { x: GUTTER, width: tester }, lanes, column, left };
}
