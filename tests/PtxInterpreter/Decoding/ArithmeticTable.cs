using System.Numerics;
using PtxInterpreter.Arithmetic;
using PtxInterpreter.Execution;

namespace PtxInterpreter.Decoding;

/// <summary>Makes the operation of an instruction.</summary>
delegate Operation Maker(OperandReader operands);

/// <summary>The instructions that work lane by lane on registers, by their full names.</summary>
static class ArithmeticTable
{
    static readonly Dictionary<string, (InstructionClass Class, Maker Make)> Table = Build();

    /// <summary>The operation, or null where the table has none of the name.</summary>
    public static Operation? Make(OperandReader operands)
    {
        if (!Table.TryGetValue(operands.Instruction.Opcode, out (InstructionClass Class, Maker Make) entry))
            return null;
        Operation operation = entry.Make(operands);
        operation.Class = entry.Class;
        return operation;
    }

    static Dictionary<string, (InstructionClass, Maker)> Build()
    {
        var table = new Dictionary<string, (InstructionClass, Maker)>(StringComparer.Ordinal);
        AddInteger<int, long>(table, "s32", "s64");
        AddInteger<uint, ulong>(table, "u32", "u64");
        AddInteger<long, Int128>(table, "s64", null);
        AddInteger<ulong, UInt128>(table, "u64", null);
        AddShort<short, int>(table, "s16", "s32");
        AddShort<ushort, uint>(table, "u16", "u32");
        AddBits<uint>(table, "b32");
        AddBits<ulong>(table, "b64");
        AddBits16(table);
        AddFields(table);
        AddBytes(table);
        AddSingle(table);
        AddDouble(table);
        return table;
    }

    static void AddInteger<T, TWide>(Dictionary<string, (InstructionClass, Maker)> table, string type, string? wide)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> where TWide : unmanaged, IBinaryInteger<TWide>
    {
        void Add(string name, Maker make) => table.Add(name, (InstructionClass.Integer, make));
        Add($"add.{type}", Binary<Add<T>, T, T, T>);
        Add($"sub.{type}", Binary<Subtract<T>, T, T, T>);
        Add($"mul.lo.{type}", Binary<MultiplyLow<T>, T, T, T>);
        Add($"mul.hi.{type}", Binary<MultiplyHigh<T, TWide>, T, T, T>);
        Add($"mad.lo.{type}", Ternary<MultiplyAddLow<T>, T, T, T, T>);
        Add($"mad.hi.{type}", Ternary<MultiplyAddHigh<T, TWide>, T, T, T, T>);
        Add($"div.{type}", Division<Divide<T>, T>);
        Add($"rem.{type}", Division<Remainder<T>, T>);
        Add($"min.{type}", Binary<Minimum<T>, T, T, T>);
        Add($"max.{type}", Binary<Maximum<T>, T, T, T>);
        Add($"shr.{type}", Binary<ShiftRight<T>, T, uint, T>);
        Add($"bfind.{type}", Unary<FindHighestBit<T>, T, uint>);
        Add($"bfind.shiftamt.{type}", Unary<FindHighestBitShift<T>, T, uint>);
        Add($"bfe.{type}", Ternary<ExtractBits<T>, T, uint, uint, T>);
        if (T.MinValue < T.Zero)
        {
            Add($"abs.{type}", Unary<Absolute<T>, T, T>);
            Add($"neg.{type}", Unary<Negate<T>, T, T>);
        }
        if (wide is null)
            return;
        Add($"mul.wide.{type}", Binary<MultiplyWide<T, TWide>, T, T, TWide>);
        Add($"mad.wide.{type}", Ternary<MultiplyAddWide<T, TWide>, T, T, TWide, TWide>);
        Add($"sad.{type}", Ternary<SumDistance<T>, T, T, uint, uint>);
    }

    static void AddShort<T, TWide>(Dictionary<string, (InstructionClass, Maker)> table, string type, string wide)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> where TWide : unmanaged, IBinaryInteger<TWide>
    {
        void Add(string name, Maker make) => table.Add(name, (InstructionClass.Integer, make));
        Add($"add.{type}", Short2<Add<T>, T>);
        Add($"sub.{type}", Short2<Subtract<T>, T>);
        Add($"mul.lo.{type}", Short2<MultiplyLow<T>, T>);
        Add($"mul.hi.{type}", Short2<MultiplyHigh<T, TWide>, T>);
        Add($"min.{type}", Short2<Minimum<T>, T>);
        Add($"max.{type}", Short2<Maximum<T>, T>);
        Add($"mul.wide.{type}", operands => Binary<OnShorts<MultiplyWide<T, TWide>, T, TWide>, uint, uint, TWide>(operands, 16, 16, 32));
        Add($"shr.{type}", operands => Binary<ShiftShort<ShiftRight<T>, T>, uint, uint, uint>(operands, 16, 32, 16));
        Add($"mad.lo.{type}", operands => Ternary<MultiplyAddShort, uint, uint, uint, uint>(operands, 16, 16, 16, 16));
        if (T.MinValue < T.Zero)
        {
            Add($"abs.{type}", operands => Unary<OnShort<Absolute<T>, T>, uint, uint>(operands, 16, 16));
            Add($"neg.{type}", operands => Unary<OnShort<Negate<T>, T>, uint, uint>(operands, 16, 16));
        }
    }

    static void AddBits<T>(Dictionary<string, (InstructionClass, Maker)> table, string type) where T : unmanaged, IBinaryInteger<T>
    {
        void Add(string name, Maker make) => table.Add(name, (InstructionClass.Integer, make));
        Add($"and.{type}", Binary<And<T>, T, T, T>);
        Add($"or.{type}", Binary<Or<T>, T, T, T>);
        Add($"xor.{type}", Binary<ExclusiveOr<T>, T, T, T>);
        Add($"not.{type}", Unary<Complement<T>, T, T>);
        Add($"shl.{type}", Binary<ShiftLeft<T>, T, uint, T>);
        Add($"shr.{type}", Binary<ShiftRight<T>, T, uint, T>);
        Add($"clz.{type}", Unary<CountLeadingZeros<T>, T, uint>);
        Add($"popc.{type}", Unary<CountOnes<T>, T, uint>);
        Add($"brev.{type}", Unary<ReverseBits<T>, T, T>);
        Add($"bfi.{type}", Insertion<InsertBits<T>, T>);
    }

    static void AddBits16(Dictionary<string, (InstructionClass, Maker)> table)
    {
        void Add(string name, Maker make) => table.Add(name, (InstructionClass.Integer, make));
        Add("and.b16", Short2<And<ushort>, ushort>);
        Add("or.b16", Short2<Or<ushort>, ushort>);
        Add("xor.b16", Short2<ExclusiveOr<ushort>, ushort>);
        Add("not.b16", operands => Unary<OnShort<Complement<ushort>, ushort>, uint, uint>(operands, 16, 16));
        Add("shl.b16", operands => Binary<ShiftShort<ShiftLeft<ushort>, ushort>, uint, uint, uint>(operands, 16, 32, 16));
        Add("shr.b16", operands => Binary<ShiftShort<ShiftRight<ushort>, ushort>, uint, uint, uint>(operands, 16, 32, 16));
    }

    static void AddFields(Dictionary<string, (InstructionClass, Maker)> table)
    {
        void Add(string name, Maker make) => table.Add(name, (InstructionClass.Integer, make));
        Add("prmt.b32", Ternary<PermuteBytes, uint, uint, uint, uint>);
        Add("shf.l.wrap.b32", Ternary<FunnelLeftWrap, uint, uint, uint, uint>);
        Add("shf.r.wrap.b32", Ternary<FunnelRightWrap, uint, uint, uint, uint>);
        Add("shf.l.clamp.b32", Ternary<FunnelLeftClamp, uint, uint, uint, uint>);
        Add("shf.r.clamp.b32", Ternary<FunnelRightClamp, uint, uint, uint, uint>);
        Add("lop3.b32", LogicTable);
        foreach (string type in new[] { "b32", "u32", "s32", "f32" })
            Add($"slct.{type}.s32", Ternary<SelectBySign<uint>, uint, uint, int, uint>);
        foreach (string type in new[] { "b64", "u64", "s64", "f64" })
            Add($"slct.{type}.s32", Ternary<SelectBySign<ulong>, ulong, ulong, int, ulong>);
    }

    static void AddBytes(Dictionary<string, (InstructionClass, Maker)> table)
    {
        void Add(string name, Maker make) => table.Add(name, (InstructionClass.DotProduct, make));
        Add("dp4a.s32.s32", Ternary<DotProduct4<sbyte, sbyte>, uint, uint, uint, uint>);
        Add("dp4a.s32.u32", Ternary<DotProduct4<sbyte, byte>, uint, uint, uint, uint>);
        Add("dp4a.u32.s32", Ternary<DotProduct4<byte, sbyte>, uint, uint, uint, uint>);
        Add("dp4a.u32.u32", Ternary<DotProduct4<byte, byte>, uint, uint, uint, uint>);
        Add("dp2a.lo.s32.s32", Ternary<DotProduct2Low<short, sbyte>, uint, uint, uint, uint>);
        Add("dp2a.lo.s32.u32", Ternary<DotProduct2Low<short, byte>, uint, uint, uint, uint>);
        Add("dp2a.lo.u32.s32", Ternary<DotProduct2Low<ushort, sbyte>, uint, uint, uint, uint>);
        Add("dp2a.lo.u32.u32", Ternary<DotProduct2Low<ushort, byte>, uint, uint, uint, uint>);
        Add("dp2a.hi.s32.s32", Ternary<DotProduct2High<short, sbyte>, uint, uint, uint, uint>);
        Add("dp2a.hi.s32.u32", Ternary<DotProduct2High<short, byte>, uint, uint, uint, uint>);
        Add("dp2a.hi.u32.s32", Ternary<DotProduct2High<ushort, sbyte>, uint, uint, uint, uint>);
        Add("dp2a.hi.u32.u32", Ternary<DotProduct2High<ushort, byte>, uint, uint, uint, uint>);
    }

    static void AddSingle(Dictionary<string, (InstructionClass, Maker)> table)
    {
        void Add(string name, InstructionClass kind, Maker make) => table.Add(name, (kind, make));
        Add("add.rn.f32", InstructionClass.FloatAddMultiply, Binary<AddSingle, float, float, float>);
        Add("sub.rn.f32", InstructionClass.FloatAddMultiply, Binary<SubtractSingle, float, float, float>);
        Add("mul.rn.f32", InstructionClass.FloatAddMultiply, Binary<MultiplySingle, float, float, float>);
        Add("fma.rn.f32", InstructionClass.FloatFma, Ternary<FmaSingle, float, float, float, float>);
        Add("div.rn.f32", InstructionClass.FloatDivideRoot, Binary<DivideSingle, float, float, float>);
        Add("sqrt.rn.f32", InstructionClass.FloatDivideRoot, Unary<SquareRootSingle, float, float>);
        Add("rcp.rn.f32", InstructionClass.FloatDivideRoot, Unary<ReciprocalSingle, float, float>);
        Add("neg.f32", InstructionClass.FloatAddMultiply, Unary<NegateSingle, uint, uint>);
        Add("abs.f32", InstructionClass.FloatAddMultiply, Unary<AbsoluteSingle, uint, uint>);
        Add("min.f32", InstructionClass.FloatAddMultiply, Binary<MinimumSingle, float, float, float>);
        Add("max.f32", InstructionClass.FloatAddMultiply, Binary<MaximumSingle, float, float, float>);
        Add("max.NaN.f32", InstructionClass.FloatAddMultiply, Binary<MaximumOrNaNSingle, float, float, float>);
    }

    static void AddDouble(Dictionary<string, (InstructionClass, Maker)> table)
    {
        void Add(string name, Maker make) => table.Add(name, (InstructionClass.Double, make));
        Add("add.rn.f64", Binary<AddDouble, double, double, double>);
        Add("sub.rn.f64", Binary<SubtractDouble, double, double, double>);
        Add("mul.rn.f64", Binary<MultiplyDouble, double, double, double>);
        Add("fma.rn.f64", Ternary<FmaDouble, double, double, double, double>);
        Add("div.rn.f64", Binary<DivideDouble, double, double, double>);
        Add("sqrt.rn.f64", Unary<SquareRootDouble, double, double>);
        Add("rcp.rn.f64", Unary<ReciprocalDouble, double, double>);
        Add("neg.f64", Unary<NegateDouble, ulong, ulong>);
        Add("abs.f64", Unary<AbsoluteDouble, ulong, ulong>);
        Add("min.f64", Binary<MinimumDouble, double, double, double>);
        Add("max.f64", Binary<MaximumDouble, double, double, double>);
    }

    static unsafe int Bits<T>() where T : unmanaged => sizeof(T) * 8;

    static Operation Unary<TOp, TA, TResult>(OperandReader operands)
        where TOp : struct, IUnary<TA, TResult> where TA : unmanaged where TResult : unmanaged =>
        Unary<TOp, TA, TResult>(operands, Bits<TA>(), Bits<TResult>());

    static Operation Unary<TOp, TA, TResult>(OperandReader operands, int a, int result)
        where TOp : struct, IUnary<TA, TResult> where TA : unmanaged where TResult : unmanaged
    {
        operands.Expect(2);
        return new Unary<TOp, TA, TResult>(operands.Destination(0, result), operands.Source(1, a));
    }

    static Operation Binary<TOp, TA, TB, TResult>(OperandReader operands)
        where TOp : struct, IBinary<TA, TB, TResult> where TA : unmanaged where TB : unmanaged where TResult : unmanaged =>
        Binary<TOp, TA, TB, TResult>(operands, Bits<TA>(), Bits<TB>(), Bits<TResult>());

    static Operation Binary<TOp, TA, TB, TResult>(OperandReader operands, int a, int b, int result)
        where TOp : struct, IBinary<TA, TB, TResult> where TA : unmanaged where TB : unmanaged where TResult : unmanaged
    {
        operands.Expect(3);
        return new Binary<TOp, TA, TB, TResult>(operands.Destination(0, result), operands.Source(1, a), operands.Source(2, b));
    }

    static Operation Ternary<TOp, TA, TB, TC, TResult>(OperandReader operands)
        where TOp : struct, ITernary<TA, TB, TC, TResult> where TA : unmanaged where TB : unmanaged where TC : unmanaged where TResult
            : unmanaged =>
        Ternary<TOp, TA, TB, TC, TResult>(operands, Bits<TA>(), Bits<TB>(), Bits<TC>(), Bits<TResult>());

    static Operation Ternary<TOp, TA, TB, TC, TResult>(OperandReader operands, int a, int b, int c, int result)
        where TOp : struct, ITernary<TA, TB, TC, TResult> where TA : unmanaged where TB : unmanaged where TC : unmanaged where TResult
            : unmanaged
    {
        operands.Expect(4);
        return new Ternary<TOp, TA, TB, TC, TResult>(
            operands.Destination(0, result), operands.Source(1, a), operands.Source(2, b), operands.Source(3, c));
    }

    static Operation Short2<TOp, T>(OperandReader operands) where TOp : struct, IBinary<T, T, T> where T : unmanaged, IBinaryInteger<T> =>
        Binary<OnShorts<TOp, T>, uint, uint, uint>(operands, 16, 16, 16);

    static Operation Division<TOp, T>(OperandReader operands) where TOp : struct, IBinary<T, T, T> where T : unmanaged, IBinaryInteger<T>
    {
        operands.Expect(3);
        return new Division<TOp, T>(operands.Destination(0, Bits<T>()), operands.Source(1, Bits<T>()), operands.Source(2, Bits<T>()));
    }

    static Operation Insertion<TOp, T>(OperandReader operands) where TOp : struct, IInsert<T> where T : unmanaged
    {
        operands.Expect(5);
        int bits = Bits<T>();
        return new Insertion<TOp, T>(
            operands.Destination(0, bits),
            operands.Source(1, bits),
            operands.Source(2, bits),
            operands.Source(3, 32),
            operands.Source(4, 32));
    }

    static Operation LogicTable(OperandReader operands)
    {
        operands.Expect(5);
        uint table = (uint)operands.Number(4);
        if (table > 255)
            throw operands.Error("the table of lop3 has 8 bits");
        return new LogicTable(operands.Destination(0, 32), operands.Source(1, 32), operands.Source(2, 32), operands.Source(3, 32), table);
    }
}
