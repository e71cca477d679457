using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Clearway.Auth.Organizations;

/// <summary>What a certificate says of its holder. Of what is there more than once nothing is told: nobody knows which is meant.</summary>
internal sealed record CertificateSubject(string Whole, string? CommonName, string? Organization, string? Unit, string? Email)
{
    private const string CommonNameOid = "2.5.4.3";
    private const string OrganizationOid = "2.5.4.10";
    private const string UnitOid = "2.5.4.11";
    private const string AlternativeNamesOid = "2.5.29.17";

    /// <summary>rfc822Name of a GeneralName (RFC 5280 section 4.2.1.6).</summary>
    private static readonly Asn1Tag _email = new(TagClass.ContextSpecific, 1);

    /// <summary>Null when the names cannot be read.</summary>
    public static CertificateSubject? Of(X509Certificate2 certificate)
    {
        try
        {
            var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames().ToList();
            return new CertificateSubject(
                certificate.SubjectName.Name,
                Single(names, CommonNameOid),
                Single(names, OrganizationOid),
                Single(names, UnitOid),
                EmailOf(certificate));
        }
        catch (Exception failure) when (failure is CryptographicException or AsnContentException)
        {
            return null;
        }
    }

    private static string? Single(IEnumerable<X500RelativeDistinguishedName> names, string oid)
    {
        var values = names
            .Where(name => !name.HasMultipleElements && name.GetSingleElementType().Value == oid)
            .Select(name => name.GetSingleElementValue())
            .ToList();
        return values is [{ } only] ? only : null;
    }

    private static string? EmailOf(X509Certificate2 certificate)
    {
        if (certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == AlternativeNamesOid) is not { } extension)
        {
            return null;
        }

        var found = new List<string>();
        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(_email))
            {
                found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, _email));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }

        return found is [var only] && only.Count(c => c == '@') == 1 && only.All(c => c is > ' ' and < '\u007F') ? only.ToLowerInvariant() : null;
    }
}
