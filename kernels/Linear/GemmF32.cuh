// The products of GemmF32.cu, which has the formula, over tiles whose terms come from anywhere.
#pragma once

#include "TileF32.cuh"

// Parameters of the kernels of GemmF32.cu; GemmF32Cuda.cs has the same fields.
struct GemmF32Parameters
{
    const float* a;     // [rows, terms] or [terms, rows]
    const float* b;     // [terms, columns]
    float* c;           // [rows, columns]
    float* blocks;      // [blocks of 64 terms, rows, columns]: their sums (blocks form)
    int rows;
    int columns;
    int terms;
    int accumulate;     // not 0: the sums are added to what c holds
};

constexpr int Depth = 16;
constexpr int Stages = 3;

// For each four neighbouring sums of a thread that c has places for: of(sums, place, how many).
template <typename Tile, typename F>
DEVICE void forFours(Tile& tile, float* c, int rows, int columns, F&& of)
{
    int firstRow = blockX() * Tile::Rows, firstColumn = blockY() * Tile::Columns;
    UNROLL for (int i = 0; i < Tile::OwnRows; i++)
    {
        int row = firstRow + Tile::row(i);
        UNROLL for (int j = 0; j < Tile::OwnColumns; j += 4)
        {
            int column = firstColumn + Tile::column(j);
            if (row < rows && column < columns)
                of(&tile.sums[i][j], c + (int64)row * columns + column, columns - column);
        }
    }
}

// c = the products of a tile. copyLeft(stage, term) and copyRight(stage, term) start the copies of 16 terms of the tile's rows and columns,
// which are in three stages, two of them on their way.
template <int Parts, typename Left, typename Right>
DEVICE void multiplyTile(float* c, int rows, int columns, int terms, int accumulate, Left&& copyLeft, Right&& copyRight)
{
    using Tile = ThreadTile<8, 16, Parts, Parts>;
    alignas(16) SHARED static float left[Stages][Depth][Tile::Rows + 4];
    alignas(16) SHARED static float right[Stages][Depth][Tile::Columns + 4];
    int steps = (terms + Depth - 1) / Depth;
    bool inFours = columns % 4 == 0;
    auto copy = [=](int step)
    {
        if (step < steps)
        {
            copyLeft(left[step % Stages], step * Depth);
            copyRight(right[step % Stages], step * Depth);
        }
        commitCopies();
    };
    copy(0);
    copy(1);
    Tile total, block;
    total.clear();
    block.clear();
    if (accumulate)
        forFours(total, c, rows, columns, [=](float* sums, const float* place, int count)
        {
            if (inFours)
            {
                Float4 four = *(const Float4*)place;
                UNROLL for (int j = 0; j < 4; j++)
                    sums[j] = four[j];
                return;
            }
            UNROLL for (int j = 0; j < 4; j++)
                sums[j] = j < count ? place[j] : 0.0f;
        });
    _Pragma("unroll 1") for (int step = 0; step < steps; step++)
    {
        awaitCopies<Stages - 2>();
        barrier();
        copy(step + Stages - 1);
        block.addTerms(left[step % Stages], right[step % Stages], Depth);
        if (step % (BlockTerms / Depth) == BlockTerms / Depth - 1 || step == steps - 1)
        {
            total.add(block);
            block.clear();
        }
    }
    forFours(total, c, rows, columns, [=](const float* sums, float* place, int count)
    {
        if (inFours)
        {
            *(Float4*)place = Float4{sums[0], sums[1], sums[2], sums[3]};
            return;
        }
        UNROLL for (int j = 0; j < 4; j++)
        {
            if (j < count)
                place[j] = sums[j];
        }
    });
}

template <bool ByTerms, int Parts>
DEVICE void multiply(const GemmF32Parameters& p)
{
    using Tile = ThreadTile<8, 16, Parts, Parts>;
    const float* a = p.a;
    const float* b = p.b;
    int rows = p.rows, columns = p.columns, terms = p.terms;
    multiplyTile<Parts>(p.c, rows, columns, terms, p.accumulate,
        [=](float (*stage)[Tile::Rows + 4], int term)
        {
            if constexpr (ByTerms)
                copyRows<Depth, Tile::Rows>(stage, a, rows, term, terms, blockX() * Tile::Rows, rows);
            else
                copyTransposed<Depth, Tile::Rows>(stage, a, terms, term, terms, blockX() * Tile::Rows, rows);
        },
        [=](float (*stage)[Tile::Columns + 4], int term)
        {
            copyRows<Depth, Tile::Columns>(stage, b, columns, term, terms, blockY() * Tile::Columns, columns);
        });
}
