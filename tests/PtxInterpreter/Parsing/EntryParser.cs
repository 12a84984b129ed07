namespace PtxInterpreter.Parsing;

/// <summary>Reads one kernel: parameters, limits, and a body of declarations, labels and instructions.</summary>
sealed class EntryParser(string module, TokenCursor cursor)
{
    const int MostThreads = 1024;
    readonly Dictionary<string, int> registers = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> labels = new(StringComparer.Ordinal);
    readonly List<PtxVariable> parameters = [];
    readonly List<PtxVariable> variables = [];
    readonly List<PtxInstruction> instructions = [];
    readonly Stack<Dictionary<string, string>> scopes = new();
    int scopeNumber;

    public PtxEntry Read()
    {
        cursor.Expect(".entry");
        string name = cursor.Word();
        ReadParameters();
        int threads = ReadLimits();
        cursor.Expect("{");
        ReadBody();
        return new PtxEntry(module, name, threads, parameters, variables, registers, labels, instructions);
    }

    void ReadParameters()
    {
        cursor.Expect("(");
        if (cursor.TryTake(")"))
            return;
        do
            parameters.Add(VariableParser.ReadOne(cursor, false));
        while (cursor.TryTake(","));
        cursor.Expect(")");
    }

    int ReadLimits()
    {
        int threads = MostThreads;
        while (cursor.Text != "{")
        {
            switch (cursor.Word())
            {
                case ".maxntid":
                    threads = (int)cursor.Integer();
                    while (cursor.TryTake(","))
                        threads *= (int)cursor.Integer();
                    break;
                case ".minnctapersm" or ".maxnreg":
                    cursor.Integer();
                    break;
                case var word:
                    throw cursor.Error($"the directive {word} is not known");
            }
        }
        return threads;
    }

    void ReadBody()
    {
        while (!cursor.TryTake("}"))
        {
            if (cursor.TryTake("{"))
                ReadScope();
            else
                ReadStatement();
        }
    }

    /// <summary>Names declared within braces hide the outer ones; inline assembly uses them.</summary>
    void ReadScope()
    {
        scopes.Push(new Dictionary<string, string>(StringComparer.Ordinal));
        scopeNumber++;
        ReadBody();
        scopes.Pop();
    }

    void ReadStatement()
    {
        switch (cursor.Text)
        {
            case ".reg":
                ReadRegisters();
                break;
            case ".local" or ".shared":
                variables.AddRange(VariableParser.Read(cursor, false));
                break;
            case ".pragma":
                ReadPragma();
                break;
            case ";":
                cursor.Next();
                break;
            default:
                ReadLabelOrInstruction();
                break;
        }
    }

    void ReadPragma()
    {
        cursor.Next();
        Token text = cursor.Take();
        if (text.Text != "nounroll")
            throw cursor.Error($"the pragma {text.Text} is not known");
        cursor.Expect(";");
    }

    void ReadRegisters()
    {
        cursor.Next();
        int bytes = cursor.TypeBytes();
        do
        {
            string name = cursor.Word();
            int count = cursor.Range();
            for (int i = 0; i < Math.Max(count, 1); i++)
                Declare(count < 0 ? name : $"{name}{i}", bytes * 8);
        }
        while (cursor.TryTake(","));
        cursor.Expect(";");
    }

    void Declare(string name, int bits)
    {
        string unique = name;
        if (scopes.Count > 0)
            scopes.Peek().Add(name, unique = $"{name}@{scopeNumber}");
        if (!registers.TryAdd(unique, bits))
            throw cursor.Error($"a second register {name}");
    }

    string Resolve(string name)
    {
        foreach (Dictionary<string, string> scope in scopes)
        {
            if (scope.TryGetValue(name, out string? unique))
                return unique;
        }
        return name;
    }

    void ReadLabelOrInstruction()
    {
        int line = cursor.Line;
        string? guard = null;
        bool negated = false;
        if (cursor.TryTake("@"))
        {
            negated = cursor.TryTake("!");
            guard = Resolve(cursor.Word());
        }
        string opcode = cursor.Word();
        if (guard is null && cursor.TryTake(":"))
        {
            if (!labels.TryAdd(opcode, instructions.Count))
                throw cursor.Error($"a second label {opcode}");
            return;
        }
        var operands = new List<PtxOperand>();
        if (!cursor.TryTake(";"))
        {
            do
                operands.Add(ReadOperand());
            while (cursor.TryTake(","));
            cursor.Expect(";");
        }
        instructions.Add(new PtxInstruction(opcode, guard, negated, operands, line));
    }

    PtxOperand ReadOperand()
    {
        if (cursor.TryTake("["))
            return ReadAddress();
        if (cursor.TryTake("{"))
            return ReadVector();
        bool negative = cursor.TryTake("-");
        if (cursor.Kind == TokenKind.Number)
            return cursor.Number(negative);
        if (negative)
            throw cursor.Error($"a number was expected, not '{cursor.Text}'");
        NameOperand name = ReadName();
        return cursor.TryTake("|") ? new PairOperand(name, ReadName()) : name;
    }

    NameOperand ReadName()
    {
        bool negated = cursor.TryTake("!");
        string name = Resolve(cursor.Word());
        return new NameOperand(name, ReadOffset(), negated);
    }

    long ReadOffset() => cursor.TryTake("+") ? cursor.Integer() : cursor.Text == "-" ? cursor.Integer() : 0;

    AddressOperand ReadAddress()
    {
        string? name = cursor.Kind == TokenKind.Word ? Resolve(cursor.Word()) : null;
        long offset = name is null ? cursor.Integer() : ReadOffset();
        cursor.Expect("]");
        return new AddressOperand(name, offset);
    }

    VectorOperand ReadVector()
    {
        var elements = new List<PtxOperand>();
        do
            elements.Add(ReadOperand());
        while (cursor.TryTake(","));
        cursor.Expect("}");
        return new VectorOperand(elements);
    }
}
