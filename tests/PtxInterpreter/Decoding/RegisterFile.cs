using PtxInterpreter.Execution;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>A variable or parameter with its address in its own space.</summary>
sealed record Variable(string Name, StateSpace Space, ulong Address, long Bytes);

/// <summary>Where a kernel's registers, constants and variables lie.</summary>
sealed class RegisterFile
{
    static readonly HashSet<string> Special = new(StringComparer.Ordinal)
    {
        "%tid.x", "%tid.y", "%tid.z", "%ntid.x", "%ntid.y", "%ntid.z", "%ctaid.x", "%ctaid.y", "%ctaid.z", "%nctaid.x", "%nctaid.y",
        "%nctaid.z",
        "%laneid", "%warpid", "%nwarpid", "%lanemask_eq", "%lanemask_lt", "%lanemask_le", "%lanemask_ge", "%lanemask_gt",
    };

    readonly Dictionary<string, (int Place, int Bits)> registers = new(StringComparer.Ordinal);
    readonly Dictionary<(ulong Value, int Bits), int> constantPlaces = [];
    readonly Dictionary<string, int> special = new(StringComparer.Ordinal);
    readonly Dictionary<string, Variable> variables;
    readonly Dictionary<string, int> readAt = new(StringComparer.Ordinal);
    readonly HashSet<string> written = new(StringComparer.Ordinal);
    readonly List<Constant> constants = [];

    public RegisterFile(PtxEntry entry, Dictionary<string, Variable> variables)
    {
        this.variables = variables;
        foreach ((string name, int bits) in entry.Registers)
        {
            if (bits != 0)
                registers.Add(name, (Reserve(bits), bits == 8 ? 16 : bits));
        }
        foreach ((string name, int bits) in entry.Registers)
        {
            if (bits == 0)
                registers.Add(name, (Reserve(1), 1));
        }
    }

    public int Bytes { get; private set; }

    public IReadOnlyList<Constant> Constants => constants;

    public IReadOnlyDictionary<string, int> SpecialRegisters => special;

    /// <summary>Registers that are read and that nothing writes, with the first line that reads them.</summary>
    public IEnumerable<(string Register, int Line)> NeverWritten =>
        readAt.Where(r => !written.Contains(r.Key)).Select(r => (r.Key, r.Value));

    public void MarkRead(string register, int line) => readAt.TryAdd(register, line);

    public void MarkWritten(string register) => written.Add(register);

    public (int Place, int Bits)? Find(string name) => registers.TryGetValue(name, out (int, int) found) ? found : null;

    public Variable? Variable(string name) => variables.GetValueOrDefault(name);

    public int? SpecialRegister(string name)
    {
        if (!Special.Contains(name))
            return null;
        if (!special.TryGetValue(name, out int place))
            special.Add(name, place = Reserve(32));
        return place;
    }

    /// <summary>A register that holds the number in all lanes.</summary>
    public int Constant(ulong value, int bits)
    {
        ulong kept = bits == 64 ? value : bits == 1 ? value & uint.MaxValue : value & ((1ul << bits) - 1);
        if (!constantPlaces.TryGetValue((kept, bits), out int place))
        {
            constantPlaces.Add((kept, bits), place = Reserve(bits));
            constants.Add(new Constant(place, bits == 64 ? 8 : bits == 1 ? 0 : 4, kept));
        }
        return place;
    }

    int Reserve(int bits)
    {
        int place = Bytes;
        Bytes += bits == 1 ? 4 : bits == 64 ? 8 * Warp.Lanes : 4 * Warp.Lanes;
        return place;
    }
}
