/** Products of numbers, pairwise level by level: the first level are the numbers, the last the product of all. */
export interface ProductTree {
  readonly levels: readonly (readonly bigint[])[];
  readonly product: bigint;
  /** Sum over all numbers of the product of the others. Modulo one of them, it is the product of the others. */
  readonly cofactorSum: bigint;
}

/** Multiplies at least one number, in time quasi-linear in their bits. */
export function productTree(numbers: readonly bigint[]): ProductTree {
  const levels: bigint[][] = [[...numbers]];
  let products: bigint[] = [...numbers];
  let sums: bigint[] = numbers.map(() => 1n);
  while (products.length > 1) {
    const nextProducts: bigint[] = [];
    const nextSums: bigint[] = [];
    for (let index = 0; index < products.length; index += 2) {
      const [one = 1n, other] = [products[index], products[index + 1]];
      const [sum = 0n, otherSum = 0n] = [sums[index], sums[index + 1]];
      nextProducts.push(other === undefined ? one : one * other);
      nextSums.push(other === undefined ? sum : sum * other + otherSum * one);
    }
    [products, sums] = [nextProducts, nextSums];
    levels.push(products);
  }
  return { levels, product: products[0] ?? 1n, cofactorSum: sums[0] ?? 0n };
}

/** `value` modulo each of the tree's numbers (Daniel Bernstein, "Fast multiplication and its applications", section 18). */
export function remainders(value: bigint, { levels }: ProductTree): readonly bigint[] {
  let rests: readonly bigint[] = [value];
  for (const level of [...levels].reverse())
    rests = level.map(
      (number, index) => (rests[rests.length === level.length ? index : index >> 1] ?? 0n) % number,
    );
  return rests;
}
