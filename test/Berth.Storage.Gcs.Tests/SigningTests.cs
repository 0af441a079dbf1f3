using System.Security.Cryptography;
using System.Text;

namespace Berth.Storage.Gcs.Tests;

/// <summary>What is signed is what Google's own libraries sign.</summary>
public sealed class SigningTests
{
    /// <summary>The public half of the key that Google publishes with its test cases for signatures of version 4.</summary>
    private const string Modulus =
        "rD8zIqyKLbX0Nq8o0Jj1qHEhHhqO3+0OP7TEFx5Vxc6PdwBoFNrfnJRI/S+ZaDYS1avr5Pqpp8g8+UNOMvI1VsjGM8xjTaxkVv8mmKp6pSmQstTt25pzY1exA2wv4xNW" +
        "SwWNFNx2kh35+kvTQ/DF3YA9P7pUU1sKur1PP8OoubWLFO59iy5UE5dX0O/3pjvZ2HAhSXsx2VWtB5nlrHR8FrKJNLJMEGEDSMz9yRfQaUeYCU9oDYHuiqKQ3rCXi6C8" +
        "2l+3FJw5/ggJ5y7iw8MErCFSslcYQRbBVz6ZYKWkEcJhs8BG3/16bfaqNusNlDIJ99I7DmipUngF/HEulYhfrQ==";

    /// <summary>The signature of the first case, "Simple GET".</summary>
    private const string Signature =
        "95e6a13d43a1d1962e667f17397f2b80ac9bdd1669210d5e08e0135df9dff4e56113485dbe429ca2266487b9d1796ebdee2d7cf682a6ef3bb9fbb4c351686fba" +
        "90d7b621cf1c4eb1fdf126460dd25fa0837dfdde0a9fd98662ce60844c458448fb2b352c203d9969cb74efa4bdb742287744a4f2308afa4af0e0773f55e32e92" +
        "973619249214b97283b2daa14195244444e33f938138d1e5f561088ce8011f4986dda33a556412594db7c12fc40e1ff3f1bedeb7a42f5bcda0b9567f17f65855" +
        "f65071fabb88ea12371877f3f77f10e1466fff6ff6973b74a933322ff0949ce357e20abe96c3dd5cfab42c9c83e740a4d32b9e11e146f0eb3404d2e975896f74";

    [Fact]
    public void The_signature_of_the_published_case_fits_what_the_store_signs()
    {
        using var key = RSA.Create(new RSAParameters { Modulus = Convert.FromBase64String(Modulus), Exponent = [1, 0, 1] });

        var (path, query, toSign) = GcsSigner.Prepare(
            "storage.googleapis.com",
            "test-bucket",
            "test-object",
            "GET",
            "test-iam-credentials@dummy-project-id.iam.gserviceaccount.com",
            new DateTimeOffset(2019, 2, 1, 9, 0, 0, TimeSpan.Zero),
            TimeSpan.FromSeconds(10));

        Assert.Equal("/test-bucket/test-object", path);
        Assert.StartsWith("X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=test-iam-credentials%40dummy-project-id.iam", query, StringComparison.Ordinal);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(toSign), Convert.FromHexString(Signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData("", "AAAAAA==")]
    [InlineData("123456789", "4waSgw==")] // 0xE3069283, the check value of the polynomial's definition
    public void The_checksum_is_that_of_Castagnoli(string text, string checksum)
    {
        var bytes = Encoding.ASCII.GetBytes(text);

        Assert.Equal(checksum, Crc32C.ToText(Crc32C.Append(0, bytes)));
        Assert.Equal(checksum, Crc32C.ToText(Crc32C.Append(Crc32C.Append(0, bytes.AsSpan(0, bytes.Length / 2)), bytes.AsSpan(bytes.Length / 2))));
    }
}
