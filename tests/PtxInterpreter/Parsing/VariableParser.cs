using System.Buffers.Binary;

namespace PtxInterpreter.Parsing;

/// <summary>Reads ".shared .align 16 .b8 name[64];" and the like, and a kernel's parameters.</summary>
static class VariableParser
{
    /// <summary>A whole statement; the cursor stands on its state space.</summary>
    public static List<PtxVariable> Read(TokenCursor cursor, bool external)
    {
        var found = new List<PtxVariable>();
        do
            found.Add(ReadOne(cursor, external));
        while (cursor.TryTake(","));
        cursor.Expect(";");
        return found;
    }

    public static PtxVariable ReadOne(TokenCursor cursor, bool external)
    {
        int line = cursor.Line;
        StateSpace space = cursor.Word() switch
        {
            ".param" => StateSpace.Param,
            ".global" => StateSpace.Global,
            ".const" => StateSpace.Constant,
            ".shared" => StateSpace.Shared,
            ".local" => StateSpace.Local,
            var word => throw new PtxFormatException(cursor.Module, line, $"the directive {word} is not known"),
        };
        int alignment = cursor.TryTake(".align") ? (int)cursor.Integer() : 0;
        int width = cursor.TypeBytes();
        string name = cursor.Word();
        long elements = 1;
        while (cursor.TryTake("["))
        {
            elements *= cursor.Text == "]" ? 0 : cursor.Integer();
            cursor.Expect("]");
        }
        if (elements == 0 && !external)
            throw new PtxFormatException(cursor.Module, line, $"the array {name} has no length");
        byte[]? data = cursor.TryTake("=") ? Initial(cursor, width, elements) : null;
        if (space is StateSpace.Global or StateSpace.Constant && external)
            throw new PtxFormatException(cursor.Module, line, $"{name} lies outside the module");
        return new PtxVariable(space, name, Math.Max(alignment, width), elements * width, external, data, line);
    }

    static byte[] Initial(TokenCursor cursor, int width, long elements)
    {
        var data = new byte[elements * width];
        int place = 0;
        bool list = cursor.TryTake("{");
        Span<byte> bytes = stackalloc byte[8];
        do
        {
            bool negative = cursor.TryTake("-");
            if (cursor.Kind != TokenKind.Number)
                throw cursor.Error($"initial value '{cursor.Text}' is not understood");
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, cursor.Number(negative).Bits);
            if (place + width > data.Length)
                throw cursor.Error("more initial values than elements");
            bytes[..width].CopyTo(data.AsSpan(place));
            place += width;
        }
        while (list && cursor.TryTake(","));
        if (list)
            cursor.Expect("}");
        return data;
    }
}
