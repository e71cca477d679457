import type { JSX } from 'preact';

interface CheckProps {
  label: string;
  checked: boolean;
  testId: string;
  onChange: (checked: boolean) => void;
}

export function Check({ label, checked, testId, onChange }: CheckProps): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} data-testid={testId} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
