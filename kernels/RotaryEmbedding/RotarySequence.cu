// Turns queries and keys of whole sequences by their positions, or gradients back, in place: qkv [rows, (heads + 2 kvHeads) * headWidth]
// float32. The reference is RotaryTable.cs (Rotate, RotateBack). One form, a thread a pair of dimensions.
#include "../ExactMath/Exact.cuh"

// Parameters of the kernel of this file; RotarySequenceCuda.cs has the same fields.
struct RotarySequenceParameters
{
    float* qkv;               // [rows, (heads + 2 kvHeads) * headWidth]
    const float* cosines;     // [positions, headWidth / 2]
    const float* sines;       // [positions, headWidth / 2]
    int rows;
    int rowsPerSequence;      // the first row of each is at position 0
    int turned;               // heads of a row that are turned: queries' and keys'
    int headWidth;
    int step;                 // floats from a row to the next
    int back;                 // not 0: the turn back, whose sines are negative
};

KERNEL THREADS(128) rotary_sequence(RotarySequenceParameters p)
{
    startAfterPrevious();
    int half = p.headWidth / 2, pair = blockX() * blockThreads() + threadIndex();
    if (pair >= p.turned * half)
        return;
    int i = pair % half;
    for (int row = blockY(); row < p.rows; row += gridY())
    {
        float* x = p.qkv + (int64)row * p.step + pair / half * p.headWidth + i;
        int64 angle = (int64)(row % p.rowsPerSequence) * half + i;
        float low = x[0], high = x[half], c = p.cosines[angle], s = p.sines[angle];
        s = p.back ? -s : s;
        x[0] = fma(low, c, -(high * s));
        x[half] = fma(high, c, low * s);
    }
}
