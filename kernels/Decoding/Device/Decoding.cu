// The rows of a decode step from the samples' state, so that a step needs nothing of the host: slots [rows] -> token, position and page
// table of each row. One form, a thread a row.
#include "../../ExactMath/Exact.cuh"

// Parameters of the kernel of this file; DecodingCuda.cs has the same fields.
struct DecodeBeginParameters
{
    const int* rowSlots;      // [rows]; -1 where a row has no sample
    const int* slotToken;
    const int* slotPosition;
    const int* slotDone;
    int* tokens;              // [rows]
    int* positions;           // [rows]; -1 skips the row
    int* sequences;           // [rows]: the slot, whose page table it reads
    int rows;
};

// A thread a row. Rows to skip get token and sequence 0, so that nobody reads past a table.
KERNEL THREADS(128) decode_begin(DecodeBeginParameters p)
{
    startAfterPrevious();
    int row = blockX() * blockThreads() + threadIndex();
    if (row >= p.rows)
        return;
    int slot = p.rowSlots[row];
    bool runs = slot >= 0 && p.slotDone[slot] == 0;
    p.tokens[row] = runs ? p.slotToken[slot] : 0;
    p.positions[row] = runs ? p.slotPosition[slot] : -1;
    p.sequences[row] = runs ? slot : 0;
}
