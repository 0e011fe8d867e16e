/**
 * Makes a value on first use and keeps it. Machines restart hundreds of times a second and most of them use little of
 * Node, so a part that nobody asks for must cost no more than this closure.
 */
export function lazy<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}
