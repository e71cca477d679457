import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

interface SegmentsProps<Value extends string | number> {
  label: string;
  values: readonly Value[];
  chosen: Value;
  text: (value: Value) => string;
  choose: (value: Value) => void;
  testId: string;
}

/** One of a few, all in sight: radio buttons side by side. */
export function Segments<Value extends string | number>({ label, values, chosen, text, choose, testId }: SegmentsProps<Value>): JSX.Element {
  const name = useId();
  return (
    <fieldset class="segments" data-testid={testId}>
      <legend>{label}</legend>
      <div class="segments-row">
        {values.map((value) => (
          <label key={value}>
            <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => choose(value)} />
            <span>{text(value)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
