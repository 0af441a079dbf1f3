using System.Reflection;

namespace Berth.Architecture.Tests;

/// <summary>The names that the compiler gives symbols in documentation files, which the list of banned symbols uses.</summary>
internal static class DocumentationId
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly ILookup<string, Type> Types = Runtime.SystemAssemblies
        .SelectMany(assembly => assembly.GetExportedTypes())
        .ToLookup(type => TypeName(type), StringComparer.Ordinal);

    public static bool Resolves(string id)
    {
        var name = id[2..];
        if (id.StartsWith("T:", StringComparison.Ordinal))
        {
            return Types.Contains(name);
        }

        var end = name.IndexOf('(', StringComparison.Ordinal);
        var owner = name[..name.LastIndexOf('.', end < 0 ? name.Length - 1 : end)];
        return Types[owner].SelectMany(type => type.GetMembers(Members)).Any(member => Of(member) == id);
    }

    private static string? Of(MemberInfo member) => member switch
    {
        PropertyInfo property => $"P:{TypeName(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        FieldInfo field => $"F:{TypeName(field.DeclaringType!)}.{field.Name}",
        ConstructorInfo constructor => $"M:{TypeName(constructor.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo { IsGenericMethodDefinition: true } method =>
            $"M:{TypeName(method.DeclaringType!)}.{method.Name}``{method.GetGenericArguments().Length}{Parameters(method.GetParameters())}",
        MethodInfo method => $"M:{TypeName(method.DeclaringType!)}.{method.Name}{Parameters(method.GetParameters())}",
        _ => null,
    };

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => TypeName(parameter.ParameterType)))})";

    private static string TypeName(Type type)
    {
        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        if (type.HasElementType)
        {
            return TypeName(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsByRef ? "@" : "*");
        }

        if (type.IsConstructedGenericType)
        {
            var name = type.GetGenericTypeDefinition().FullName!;
            return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(TypeName))}}}".Replace('+', '.');
        }

        return type.FullName!.Replace('+', '.');
    }
}
