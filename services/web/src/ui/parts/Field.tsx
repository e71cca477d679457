import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: 'text' | 'password' | 'number';
  testId?: string;
  placeholder?: string;
  required?: boolean;
  maxLength?: number;
  min?: number;
  max?: number;
  autocomplete?: 'name' | 'current-password' | 'off';
}

export function Field({ label, value, onInput, type = 'text', testId, ...rest }: FieldProps): JSX.Element {
  const id = useId();
  // The JSX types know an input by one literal type at a time; these three take the same attributes.
  const kind: { type?: 'text' } = { type: type as 'text' };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} class="input" {...kind} value={value} data-testid={testId} {...rest}
        onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  );
}
