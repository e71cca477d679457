import { describe, expect, it } from 'vitest';
import { pictureBox } from './pictureBox.ts';

describe('picture in a box', () => {
  it('leaves bars above and below a wide picture', () => {
    expect(pictureBox(400, 400, 1600, 800)).toEqual({ left: 0, top: 100, width: 400, height: 200 });
  });

  it('leaves bars beside a tall picture', () => {
    expect(pictureBox(400, 200, 500, 1000)).toEqual({ left: 150, top: 0, width: 100, height: 200 });
  });

  it('fills the box before the picture is known', () => {
    expect(pictureBox(400, 200, 0, 0)).toEqual({ left: 0, top: 0, width: 400, height: 200 });
  });
});
