import type { ComponentChildren, JSX } from 'preact';

interface ButtonProps {
  children: ComponentChildren;
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  type?: 'button' | 'submit';
  disabled?: boolean;
  testId?: string;
  onClick?: () => void;
}

export function Button({ children, kind = 'plain', type = 'button', disabled = false, testId, onClick }: ButtonProps): JSX.Element {
  return (
    <button type={type} class={`button button-${kind}`} disabled={disabled} data-testid={testId} onClick={onClick}>
      {children}
    </button>
  );
}
