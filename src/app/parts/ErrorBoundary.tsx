import { Component } from 'react';
import type { ReactNode } from 'react';
import type { AppUpdate } from '../app-update.ts';
import { problemOf } from '../../page/problem-of.ts';
import { Problem } from './Problem.tsx';

interface Props {
  readonly update: AppUpdate;
  readonly children: ReactNode;
}

interface State {
  readonly thrown: { readonly value: unknown } | undefined;
}

/** Shows an error that was thrown while rendering, in place of the page. React supports this only as a class. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { thrown: undefined };

  static getDerivedStateFromError(value: unknown): State {
    return { thrown: { value } };
  }

  override render(): ReactNode {
    const { thrown } = this.state;
    return thrown ? <Problem update={this.props.update} {...problemOf(thrown.value)} /> : this.props.children;
  }
}
