/* A drawing of tables: arrow keys go from one name to the nearest in that direction. */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function middle(element) {
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

class SchemaMap extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
  }

  handleEvent(event) {
    const way = WAYS[event.key];
    const boxes = [...this.querySelectorAll("a[data-box]")];
    if (!way || !boxes.length) return;
    event.preventDefault();
    const from = document.activeElement.closest?.("a[data-box]");
    (from ? this.nearest(boxes, from, way) : boxes[0])?.focus();
  }

  nearest(boxes, from, [dx, dy]) {
    const [x, y] = middle(from);
    let best = null;
    let least = Infinity;
    for (const box of boxes) {
      const [bx, by] = middle(box);
      const along = (bx - x) * dx + (by - y) * dy;
      const aside = Math.abs((bx - x) * dy) + Math.abs((by - y) * dx);
      if (along > 1 && along + 2 * aside < least) [best, least] = [box, along + 2 * aside];
    }
    return best;
  }
}

customElements.define("schema-map", SchemaMap);
