/** W3C Trace Context of one join, made in the browser so that the servers' work becomes part of it. */
export interface TraceContext {
  traceId: string;
  spanId: string;
}

/** The WebSocket's subprotocol: its number changes when older clients would no longer understand the frames. */
export const wireProtocol = 'clearway.v1';

export function newTraceContext(): TraceContext {
  return { traceId: randomHex(16), spanId: newSpanId() };
}

export function newSpanId(): string {
  return randomHex(8);
}

/**
 * A browser cannot set headers on a WebSocket: the context travels as an offered subprotocol, and so does the room, by which the edge
 * finds the node where the others are. It decides nothing else.
 */
export function subprotocols(trace: TraceContext, roomId: string): string[] {
  return [wireProtocol, `traceparent.00-${trace.traceId}-${trace.spanId}-01`, `room.${roomId}`];
}

function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
}
