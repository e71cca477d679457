export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where a picture lies in a box that shows all of it (`object-fit: contain`), in the box's pixels. */
export function pictureBox(boxWidth: number, boxHeight: number, pictureWidth: number, pictureHeight: number): Box {
  if (pictureWidth <= 0 || pictureHeight <= 0) return { left: 0, top: 0, width: boxWidth, height: boxHeight };
  const scale = Math.min(boxWidth / pictureWidth, boxHeight / pictureHeight);
  const width = pictureWidth * scale;
  const height = pictureHeight * scale;
  return { left: (boxWidth - width) / 2, top: (boxHeight - height) / 2, width, height };
}
