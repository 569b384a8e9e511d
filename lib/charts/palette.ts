/**
 * Colours of one theme. Series colours are distinguishable for colour-blind readers (Okabe and Ito, 2008); brighter in
 * the dark theme.
 */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly series: readonly string[];
}

export type Theme = 'light' | 'dark';

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    background: '#ffffff',
    text: '#1b1f24',
    muted: '#59636e',
    grid: '#e4e7eb',
    series: ['#0b5fa5', '#c2410c', '#047857', '#9d3f84', '#6b7280'],
  },
  dark: {
    background: '#14181d',
    text: '#e8ebee',
    muted: '#a3adb8',
    grid: '#2c333b',
    series: ['#6cb8f0', '#f39b6d', '#4fcf9f', '#de8cc6', '#9ca3af'],
  },
};
