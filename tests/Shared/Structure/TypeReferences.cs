using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Harness.Tests.Shared.Structure;

/// <summary>
/// The types that a compiled type names: base type, interfaces, attributes, generic constraints, signatures, locals and the bodies of its
/// methods. Constants leave no trace in compiled code; <see cref="SourceTree"/> sees those.
/// </summary>
static class TypeReferences
{
    const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    static readonly FrozenDictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value);

    /// <summary>Each type that <paramref name="type"/> names, elements and arguments apart: a list of int gives List and int.</summary>
    public static HashSet<Type> Of(Type type)
    {
        HashSet<Type> found = [];
        Add(found, type.BaseType);
        foreach (Type part in type.GetInterfaces())
            Add(found, part);
        AddAttributes(found, type);
        AddConstraints(found, type.IsGenericTypeDefinition ? type.GetGenericArguments() : []);
        foreach (FieldInfo field in type.GetFields(Declared))
        {
            Add(found, field.FieldType);
            AddAttributes(found, field);
        }
        foreach (PropertyInfo property in type.GetProperties(Declared))
            AddAttributes(found, property);
        foreach (MethodBase method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            AddMethod(found, method);
        return found;
    }

    static void AddMethod(HashSet<Type> found, MethodBase method)
    {
        AddAttributes(found, method);
        Add(found, (method as MethodInfo)?.ReturnType);
        AddConstraints(found, method.IsGenericMethodDefinition ? method.GetGenericArguments() : []);
        foreach (ParameterInfo parameter in method.GetParameters())
            Add(found, parameter.ParameterType);
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (LocalVariableInfo local in body.LocalVariables)
            Add(found, local.LocalType);
        foreach (ExceptionHandlingClause clause in body.ExceptionHandlingClauses.Where(
            clause => clause.Flags == ExceptionHandlingClauseOptions.Clause))
            Add(found, clause.CatchType);
        foreach (int token in Tokens(body.GetILAsByteArray()!))
            AddToken(found, method, token);
    }

    static void AddToken(HashSet<Type> found, MethodBase method, int token)
    {
        Type[] ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        Type[] ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        MemberInfo? member = method.Module.ResolveMember(token, ofType, ofMethod);
        if (member is Type named)
        {
            Add(found, named);
            return;
        }
        Add(found, member?.DeclaringType);
        if (member is FieldInfo field)
            Add(found, field.FieldType);
        if (member is not MethodBase called)
            return;
        Add(found, (called as MethodInfo)?.ReturnType);
        foreach (ParameterInfo parameter in called.GetParameters())
            Add(found, parameter.ParameterType);
        foreach (Type argument in called.IsGenericMethod ? called.GetGenericArguments() : [])
            Add(found, argument);
    }

    static void AddAttributes(HashSet<Type> found, MemberInfo member)
    {
        foreach (CustomAttributeData attribute in member.GetCustomAttributesData())
        {
            Add(found, attribute.AttributeType);
            foreach (CustomAttributeTypedArgument argument in attribute.ConstructorArguments.Concat(
                attribute.NamedArguments.Select(named => named.TypedValue)))
            {
                Add(found, argument.ArgumentType);
                Add(found, argument.Value as Type);
            }
        }
    }

    static void AddConstraints(HashSet<Type> found, Type[] parameters)
    {
        foreach (Type constraint in parameters.SelectMany(parameter => parameter.GetGenericParameterConstraints()))
            Add(found, constraint);
    }

    static void Add(HashSet<Type> found, Type? type)
    {
        if (type is null || type.IsGenericParameter)
            return;
        if (type.HasElementType)
        {
            Add(found, type.GetElementType());
            return;
        }
        if (type.IsFunctionPointer)
        {
            foreach (Type part in type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()))
                Add(found, part);
            return;
        }
        if (!found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type))
            return;
        foreach (Type argument in type.IsGenericType && !type.IsGenericTypeDefinition ? type.GetGenericArguments() : [])
            Add(found, argument);
    }

    /// <summary>The metadata tokens of types, fields and methods among a method's instructions.</summary>
    static IEnumerable<int> Tokens(byte[] body)
    {
        for (int at = 0; at < body.Length;)
        {
            short value = body[at++];
            if (value == 0xFE)
                value = (short)(0xFE00 | body[at++]);
            OperandType operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BitConverter.ToInt32(body, at);
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => sizeof(byte),
                OperandType.InlineVar => sizeof(short),
                OperandType.InlineI8 or OperandType.InlineR => sizeof(long),
                OperandType.InlineSwitch => sizeof(int) * (1 + BitConverter.ToInt32(body, at)),
                _ => sizeof(int),
            };
        }
    }
}
