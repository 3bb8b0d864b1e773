package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Entry sums are the integers modulo 2^256; {@link BigInteger} is the oracle. */
class EntrySumPropertiesTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    @Property
    void addsModulo2To256(@ForAll("sums") EntrySum x, @ForAll("sums") EntrySum y) {
        assertThat(integer(x.plus(y))).isEqualTo(integer(x).add(integer(y)).mod(MODULUS));
    }

    @Property
    void subtractsModulo2To256(@ForAll("sums") EntrySum x, @ForAll("sums") EntrySum y) {
        assertThat(integer(x.minus(y)))
                .isEqualTo(integer(x).subtract(integer(y)).mod(MODULUS));
    }

    @Property
    void isAnAbelianGroup(@ForAll("sums") EntrySum x, @ForAll("sums") EntrySum y, @ForAll("sums") EntrySum z) {
        assertThat(x.plus(y)).isEqualTo(y.plus(x));
        assertThat(x.plus(y).plus(z)).isEqualTo(x.plus(y.plus(z)));
        assertThat(x.plus(EntrySum.ZERO)).isEqualTo(x);
        assertThat(x.plus(y).minus(y)).isEqualTo(x);
        assertThat(x.minus(x)).isEqualTo(EntrySum.ZERO);
    }

    @Property
    void isReadFromTheBytesItWrites(@ForAll("sums") EntrySum x) {
        assertThat(x.bytes()).hasSize(EntrySum.BYTES);
        assertThat(EntrySum.of(x.bytes())).isEqualTo(x);
        assertThat(new BigInteger(x.hex(), 16)).isEqualTo(integer(x));
        assertThat(x.hex()).hasSize(64);
    }

    @Example
    void carriesThroughAllFourWords() {
        EntrySum one = new EntrySum(0, 0, 0, 1);
        EntrySum allOnes = new EntrySum(-1, -1, -1, -1);

        assertThat(allOnes.plus(one)).isEqualTo(EntrySum.ZERO);
        assertThat(EntrySum.ZERO.minus(one)).isEqualTo(allOnes);
        assertThat(allOnes.plus(allOnes)).isEqualTo(new EntrySum(-1, -1, -1, -2));
    }

    @Property
    void refusesAnyOtherNumberOfBytes(@ForAll("wrongLengths") int length) {
        assertThatThrownBy(() -> EntrySum.of(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry sum: 32 bytes, not " + length);
    }

    /** Words at which carries happen are as frequent as all others. */
    @Provide
    Arbitrary<EntrySum> sums() {
        Arbitrary<Long> words = Arbitraries.oneOf(
                Arbitraries.of(0L, 1L, -1L, -2L, Long.MAX_VALUE, Long.MIN_VALUE), Arbitraries.longs());
        return Combinators.combine(words, words, words, words).as(EntrySum::new);
    }

    @Provide
    Arbitrary<Integer> wrongLengths() {
        return Arbitraries.integers().between(0, 70).filter(length -> length != EntrySum.BYTES);
    }

    private static BigInteger integer(EntrySum sum) {
        return new BigInteger(1, sum.bytes());
    }
}
